# How every target of weir is compiled: the standard, the warnings, the sanitizers, the compiler cache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(WEIR_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

# ccache finds what was built with a precompiled header again only when told not to mind when that was made.
find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${WEIR_CCACHE})
endif()

# What weir spends its time in, SQLite, is built elsewhere: -O3 would only build longer.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

# Debug information is only wanted by a debugger; sanitizers need lines alone, which builds in half the time.
if(WEIR_SANITIZE)
  string(REPLACE "-g" "" CMAKE_CXX_FLAGS_DEBUG "${CMAKE_CXX_FLAGS_DEBUG}")
  add_compile_options(-g1 -O1 -fno-omit-frame-pointer -fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()

# Fences are what g++ 12's thread sanitizer does not understand.
if(WEIR_SANITIZE MATCHES "thread")
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()

add_library(weir_warnings INTERFACE)
target_compile_options(weir_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Werror)
# Optimising, g++ 12 sees an overlap in `"text" + std::string` where there is none (GCC bug 105651).
target_compile_options(weir_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# Its sanitizers make it see uninitialised reads inside <regex>; what they instrument, they also watch.
if(WEIR_SANITIZE)
  target_compile_options(weir_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

# What most files read and nobody here writes. A source still includes what it uses: to see that it does, configure
# with -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON.
set(WEIR_PRECOMPILED_STANDARD
  <algorithm> <atomic> <chrono> <condition_variable> <filesystem> <functional> <map> <memory> <mutex> <optional>
  <random> <set> <string> <string_view> <thread> <utility> <vector>)

# weir_library(NAME SOURCES... PUBLIC... PRIVATE... [PRECOMPILED HEADERS...]): one library a folder, linked only
# downwards.
function(weir_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE;PRECOMPILED" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  string(REPLACE weir_ "" short ${name})
  add_library(weir::${short} ALIAS ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE $<BUILD_INTERFACE:weir_warnings> ${ARG_PRIVATE})
  target_precompile_headers(${name} PRIVATE ${WEIR_PRECOMPILED_STANDARD} ${ARG_PRECOMPILED})
endfunction()
