# Makes C++ of the status page: cmake -D PAGE=status_page.html -D OUT=status_page.cpp -P WeirStatusPage.cmake
#
# The page is compiled in as it is. Beside it stand the SHA-256 of its one script and its one style, by which
# Content-Security-Policy lets them run and nothing else.

set(LITERAL_LIMIT 65536)  # bytes of a string literal that every C++ compiler takes

# between(OUT TEXT BEGIN END): what stands between the only BEGIN and the only END.
function(between out text begin end)
  string(FIND "${text}" "${begin}" first)
  string(FIND "${text}" "${end}" last)
  string(FIND "${text}" "${begin}" first_again REVERSE)
  if(first EQUAL -1 OR last LESS first OR NOT first EQUAL first_again)
    message(FATAL_ERROR "${PAGE}: must have one ${begin} and, behind it, ${end}")
  endif()
  string(LENGTH "${begin}" length)
  math(EXPR first "${first} + ${length}")
  math(EXPR length "${last} - ${first}")
  string(SUBSTRING "${text}" ${first} ${length} inner)
  set(${out} "${inner}" PARENT_SCOPE)
endfunction()

# hash_source(OUT TEXT): TEXT's SHA-256 as Content-Security-Policy writes it, in base64.
function(hash_source out text)
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  string(SHA256 hex "${text}")
  set(encoded "")
  # 32 bytes and one more are eleven groups of three bytes, four digits each; the last digit is the padding's.
  foreach(at RANGE 0 60 6)
    string(SUBSTRING "${hex}00" ${at} 6 group)
    foreach(shift 18 12 6 0)
      math(EXPR index "(0x${group} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${index} 1 digit)
      string(APPEND encoded "${digit}")
    endforeach()
  endforeach()
  string(REGEX REPLACE ".$" "=" encoded "${encoded}")
  set(${out} "sha256-${encoded}" PARENT_SCOPE)
endfunction()

file(READ "${PAGE}" page)
string(LENGTH "${page}" length)
if(length GREATER LITERAL_LIMIT)
  message(FATAL_ERROR "${PAGE}: has ${length} bytes; a string literal may have ${LITERAL_LIMIT}")
endif()

between(script "${page}" "<script>" "</script>")
between(style "${page}" "<style>" "</style>")
hash_source(script_hash "${script}")
hash_source(style_hash "${style}")

file(WRITE "${OUT}" "// Made from status_page.html by cmake/WeirStatusPage.cmake.
#include \"weir/service/status_page.h\"

namespace weir::service {

const StatusPage kStatusPage{
    .html = R\"page(${page})page\",
    .script_hash = \"${script_hash}\",
    .style_hash = \"${style_hash}\",
};

}  // namespace weir::service
")
