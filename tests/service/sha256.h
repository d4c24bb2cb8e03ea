#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace weir::service {

/// SHA-256 as FIPS 180-4 has it, to check what others computed.
class Sha256 {
 public:
  /// The digest of `text`, in base64.
  static std::string base64(std::string_view text) {
    std::string padded(text);
    padded.push_back(static_cast<char>(0x80));
    while (padded.size() % 64 != 56) padded.push_back('\0');
    for (int shift = 56; shift >= 0; shift -= 8) {
      padded.push_back(static_cast<char>((text.size() * 8) >> shift));
    }
    Sha256 hash;
    for (std::size_t at = 0; at < padded.size(); at += 64) hash.add(std::string_view(padded).substr(at, 64));
    return hash.encoded();
  }

 private:
  static std::uint32_t mix(std::uint32_t x, const std::array<int, 3>& turns) {
    return std::rotr(x, turns[0]) ^ std::rotr(x, turns[1]) ^ std::rotr(x, turns[2]);
  }

  static std::array<std::uint32_t, 64> schedule(std::string_view block) {
    std::array<std::uint32_t, 64> words{};
    for (std::size_t i = 0; i < 64; ++i) {
      words[i / 4] = words[i / 4] << 8 | static_cast<unsigned char>(block[i]);
    }
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t old = words[i - 15];
      const std::uint32_t recent = words[i - 2];
      const std::uint32_t a = std::rotr(old, 7) ^ std::rotr(old, 18) ^ (old >> 3);
      const std::uint32_t b = std::rotr(recent, 17) ^ std::rotr(recent, 19) ^ (recent >> 10);
      words[i] = words[i - 16] + a + words[i - 7] + b;
    }
    return words;
  }

  void add(std::string_view block) {
    const auto words = schedule(block);
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t first = h + mix(e, {6, 11, 25}) + ((e & f) ^ (~e & g)) + kRounds[i] + words[i];
      const std::uint32_t second = mix(a, {2, 13, 22}) + ((a & b) ^ (a & c) ^ (b & c));
      h = std::exchange(g, std::exchange(f, std::exchange(e, d + first)));
      d = std::exchange(c, std::exchange(b, std::exchange(a, first + second)));
    }
    const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state_[i] += added[i];
  }

  std::string encoded() const {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto bit = [this](std::size_t at) {
      return at < 256 ? (state_[at / 32] >> (31 - at % 32)) & 1U : 0U;
    };
    std::string out;
    for (std::size_t at = 0; at < 256; at += 6) {
      std::size_t digit = 0;
      for (std::size_t i = 0; i < 6; ++i) digit = digit << 1 | bit(at + i);
      out.push_back(kDigits[digit]);
    }
    return out + '=';
  }

  // The first bits of the fractions of the cube roots of the first 64 primes.
  static constexpr std::array<std::uint32_t, 64> kRounds{
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace weir::service
