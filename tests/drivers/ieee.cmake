# clang++ marks no operation of lamina's with a flag of -ffast-math: a program that instantiates all of it is compiled to
# LLVM's code, without a warning, and its functions in namespace lamina are read. Calls are not looked at: clang++ takes
# all arguments and results to be finite, which no pragma changes. Contraction is the program's to choose.
# Usage: cmake -D COMPILER=clang++-19 -D FLAGS=-Iinclude -D SOURCE=strict_warnings.cpp -D WORK=folder -P ieee.cmake
cmake_minimum_required(VERSION 3.25)

file(MAKE_DIRECTORY ${WORK})
set(code ${WORK}/code.ll)
execute_process(
    COMMAND ${COMPILER} -std=c++20 -O0 -ffast-math -ffp-contract=on -Wall -Wextra -Werror ${FLAGS} -S -emit-llvm ${SOURCE} -o ${code}
    RESULT_VARIABLE status
    ERROR_VARIABLE output)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${output}")
endif()

file(STRINGS ${code} lines REGEX "^define |= [a-z ]+ (fast|reassoc|nnan|ninf|nsz|arcp|contract|afn) ")
set(faults "")
set(functions 0)
set(marked_program FALSE)
foreach(line IN LISTS lines)
    if(line MATCHES "^define [^@]*@\"?([^(\"]+)")
        set(function ${CMAKE_MATCH_1})
        set(is_lamina FALSE)
        if(function MATCHES "^_Z+NK?6lamina")
            set(is_lamina TRUE)
            math(EXPR functions "${functions} + 1")
        endif()
    elseif(NOT is_lamina)
        set(marked_program TRUE)
    elseif(NOT line MATCHES " call " OR line MATCHES "@llvm\\.")
        string(APPEND faults "${function}: ${line}\n")
    endif()
endforeach()
if(NOT faults STREQUAL "")
    message(FATAL_ERROR "marked with flags of -ffast-math:\n${faults}")
endif()
# The rest would find nothing if LLVM wrote its code otherwise.
if(functions LESS 500 OR NOT marked_program)
    message(FATAL_ERROR "expected hundreds of lamina's functions, and marks in the program's own: found ${functions} functions")
endif()
message(STATUS "no mark in ${functions} functions")
