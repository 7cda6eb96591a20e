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
file(STRINGS ${code} whole REGEX "vfm?n?add[0-9]+ps.*zmm")
file(STRINGS ${code} halves REGEX "vfm?n?add[0-9]+ps.*ymm")
list(LENGTH whole wholes)
list(LENGTH halves halves)
message(STATUS "${wholes} multiply-adds of whole packs, ${halves} of halves")
if(halves GREATER 0 OR wholes LESS 100)
    message(FATAL_ERROR "expected hundreds of multiply-adds of whole packs and none of halves")
endif()
