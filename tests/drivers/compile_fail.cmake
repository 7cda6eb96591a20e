# Checks one source of tests/compile_fail: with SHOULD_NOT_COMPILE it must give exactly one error, without warnings of
# -Wall beside it, which matches every `// EXPECT: <regex>` of the file, in at most `// LINES: <n>` lines (20 unless said).
# `// FLAGS: <flag>` is a flag for the compiler. That it compiles plainly, corrected.cmake checks.
# Where a compiler cannot help it, `// ERRORS: <n> <regex of the compiler's name>` allows that compiler n errors.
# Given a GALLERY (docs/errors.md), its section on this source must be up to date for this compiler.
# Usage: cmake -D SOURCE=x.cpp -D COMPILER=g++ -D FLAGS=-Iinclude -D GALLERY=errors.md [-D PRECOMPILED=folder] -P compile_fail.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/gallery.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/precompiled.cmake)

cmake_path(GET SOURCE FILENAME name)

function(fail reason)
    if(output)
        message("${output}")
    endif()
    message(FATAL_ERROR "${name}: ${reason}")
endfunction()

file(STRINGS ${SOURCE} expectations REGEX "^// EXPECT: ")
if(NOT expectations)
    fail("has no `// EXPECT: <regex>` line")
endif()
file(STRINGS ${SOURCE} budget REGEX "^// LINES: [0-9]+$")
if(budget)
    string(REGEX REPLACE "[^0-9]" "" budget "${budget}")
else()
    set(budget 20)
endif()

gallery_flags(${SOURCE} flags)
set(precompiled "")
if(NOT flags) # with other flags, headers are other ones
    precompiled_flags(${SOURCE} precompiled)
endif()
# Diagnostics must not depend on locale or terminal.
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} -std=c++20 -fsyntax-only -fdiagnostics-color=never -Wall ${precompiled}
            ${FLAGS} -DSHOULD_NOT_COMPILE ${flags} ${SOURCE}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(status EQUAL 0)
    fail("must not compile with SHOULD_NOT_COMPILE, but does")
endif()

gallery_compiler(${COMPILER} title)
set(allowed 1)
file(STRINGS ${SOURCE} exceptions REGEX "^// ERRORS: [0-9]+ ")
foreach(exception IN LISTS exceptions)
    string(REGEX REPLACE "^// ERRORS: ([0-9]+) (.*)" "\\2" which "${exception}")
    set(count ${CMAKE_MATCH_1})
    if(title MATCHES "^${which}")
        set(allowed ${count})
    endif()
endforeach()
string(REGEX MATCHALL "error:" errors "${output}")
list(LENGTH errors errors)
if(NOT errors EQUAL allowed)
    fail("must give ${allowed} error, gives ${errors}")
elseif(allowed EQUAL 1 AND output MATCHES "warning:")
    fail("its error must come without a warning")
endif()

foreach(expectation IN LISTS expectations)
    string(REGEX REPLACE "^// EXPECT: " "" expectation "${expectation}")
    if(NOT output MATCHES "${expectation}")
        fail("its error must say: ${expectation}")
    endif()
endforeach()

string(REGEX MATCHALL "\n" lines "${output}")
list(LENGTH lines lines)
if(lines GREATER budget)
    fail("its error must fit ${budget} lines, takes ${lines}")
endif()

if(GALLERY)
    file(READ ${GALLERY} page)
    gallery_head(${SOURCE} head)
    gallery_message("${output}" message)
    gallery_block("${title}" "${message}" block)
    string(FIND "${page}" "\n${head}" start)
    set(section "")
    if(NOT start EQUAL -1)
        math(EXPR start "${start} + 1")
        string(SUBSTRING "${page}" ${start} -1 section)
        string(FIND "${section}" "\n## " end)
        string(SUBSTRING "${section}" 0 ${end} section)
    endif()
    string(FIND "${section}\n" "${block}" found)
    string(FIND "${page}" "\n${title}:\n" known)
    if(start EQUAL -1 OR (found EQUAL -1 AND NOT known EQUAL -1))
        fail("docs/errors.md is stale: build the target error_gallery")
    endif()
endif()
message(STATUS "${name}: ${allowed} error as expected, in ${lines} of ${budget} lines")
