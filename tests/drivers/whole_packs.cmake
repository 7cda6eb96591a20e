# clang++ multiplies and adds packs of AVX-512 as a whole, although its tuning for x86-64-v4 prefers vectors of half the
# width: the assembly of kernels is read.
# Usage: cmake -D COMPILER=clang++-19 -D FLAGS=-Iinclude -D SOURCE=whole_packs.cpp -D WORK=folder -P whole_packs.cmake
cmake_minimum_required(VERSION 3.25)

file(MAKE_DIRECTORY ${WORK})
set(code ${WORK}/code.s)
execute_process(
    COMMAND ${COMPILER} -std=c++20 -O3 -DNDEBUG -march=x86-64-v4 ${FLAGS} -S ${SOURCE} -o ${code}
    RESULT_VARIABLE status
    ERROR_VARIABLE output)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${output}")
endif()
file(STRINGS ${code} lines REGEX "^_Z.*:|vfm?n?add[0-9]+ps.*[yz]mm")
set(wholes 0)
set(halves 0)
set(where "")
foreach(line IN LISTS lines)
    if(line MATCHES "^(_Z.*):")
        set(function ${CMAKE_MATCH_1})
    elseif(line MATCHES "zmm")
        math(EXPR wholes "${wholes} + 1")
    elseif(NOT function MATCHES "transform_weights") # whose vectors have eight filters
        math(EXPR halves "${halves} + 1")
        set(where "in ${function}")
    endif()
endforeach()
message(STATUS "${wholes} multiply-adds of whole packs, ${halves} of halves")
if(halves GREATER 0 OR wholes LESS 100)
    message(FATAL_ERROR "expected hundreds of multiply-adds of whole packs and none of halves, found ${wholes} and ${halves} ${where}")
endif()
