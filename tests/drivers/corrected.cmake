# Checks that sources of tests/compile_fail compile without SHOULD_NOT_COMPILE, several at once, each in a namespace of its
# own: what they have in common is most of the work, and is done once.
# Usage: cmake -D "SOURCES=x.cpp;y.cpp" -D COMPILER=g++ -D FLAGS=-Iinclude -D WORK=all.cpp [-D PRECOMPILED=folder] -P corrected.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/precompiled.cmake)

set(headers "")
set(programs "")
foreach(source IN LISTS SOURCES)
    cmake_path(GET source STEM name)
    file(STRINGS ${source} includes REGEX "^#include <")
    list(APPEND headers ${includes})
    file(READ ${source} text)
    string(REGEX REPLACE "(^|\n)#include <[^\n]*" "\\1" text "${text}")
    string(APPEND programs "namespace ${name} {\n#line 1 \"${source}\"\n${text}\n}\n")
    cmake_path(GET source PARENT_PATH folder)
endforeach()
list(APPEND headers "#include <cstdio>" "#include <vector>") # of what_a_user_does.hpp
# One header first, which is precompiled: it has core.hpp.
set(all "#include <lamina/lamina.hpp>")
list(TRANSFORM headers REPLACE "^#include <lamina/core.hpp>$" "${all}")
if(all IN_LIST headers)
    list(PREPEND headers ${all})
endif()
list(REMOVE_DUPLICATES headers)
list(JOIN headers "\n" headers)
file(WRITE ${WORK} "${headers}\n${programs}")

precompiled_flags(${WORK} precompiled)
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} -std=c++20 -fsyntax-only -fdiagnostics-color=never -Wall ${precompiled}
            ${FLAGS} -iquote ${folder} ${WORK}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
list(LENGTH SOURCES count)
if(NOT status EQUAL 0)
    message("${output}")
    message(FATAL_ERROR "the corrected programs must compile, but do not")
endif()
message(STATUS "${count} corrected programs compile")
