# Checks one source of tests/compile_fail: plainly it must compile; with SHOULD_NOT_COMPILE it must give exactly
# one error, which matches every `// EXPECT: <regex>` of the file, in at most `// LINES: <n>` lines (20 unless said).
# Usage: cmake -D SOURCE=x.cpp -D COMPILER=g++ -D FLAGS=-Iinclude -P compile_fail.cmake
cmake_minimum_required(VERSION 3.25)

cmake_path(GET SOURCE FILENAME name)

function(fail reason)
    if(output)
        message("${output}")
    endif()
    message(FATAL_ERROR "${name}: ${reason}")
endfunction()

# Runs the compiler; leaves `status` and `output`. Diagnostics must not depend on locale or terminal.
macro(compile)
    execute_process(
        COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} -std=c++20 -fsyntax-only -fdiagnostics-color=never ${FLAGS}
                ${ARGN} ${SOURCE}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
endmacro()

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

compile()
if(NOT status EQUAL 0)
    fail("the corrected program must compile, but does not")
endif()

compile(-DSHOULD_NOT_COMPILE)
if(status EQUAL 0)
    fail("must not compile with SHOULD_NOT_COMPILE, but does")
endif()

string(REGEX MATCHALL "error:" errors "${output}")
list(LENGTH errors errors)
if(NOT errors EQUAL 1)
    fail("must give 1 error, gives ${errors}")
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
message(STATUS "${name}: 1 error as expected, in ${lines} of ${budget} lines")
