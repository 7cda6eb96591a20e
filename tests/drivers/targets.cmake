# Checks that objects compiled for different instruction sets share no function of lamina's: all of them stand in the
# namespace LAMINA_ABI, which is named otherwise for each target. Functions of other libraries may be shared without
# optimisation; with it, none is by the core. (The linker would keep one of the two.)
# Usage: cmake -D COMPILER=g++ -D NM=nm -D FLAGS=-Iinclude -D TARGETS="-march=x86-64;-march=x86-64-v3" -D SOURCES=tests
#              -D ALL=strict_warnings.o -D ALL_TARGET=-march=native -D WORK=folder -P targets.cmake
# ALL is an object with all of the library, for the target that these flags choose, if any.
cmake_minimum_required(VERSION 3.25)

file(MAKE_DIRECTORY ${WORK})

function(compile)
    execute_process(COMMAND ${COMPILER} -std=c++20 ${FLAGS} ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# What LAMINA_ABI is for a target.
function(name_of target result)
    file(WRITE ${WORK}/name.cpp "#include <lamina/abi.hpp>\nLAMINA_ABI\n")
    compile(${target} -E -P ${WORK}/name.cpp -o ${WORK}/name.txt)
    file(STRINGS ${WORK}/name.txt lines REGEX "^[a-z0-9_]+$")
    list(POP_BACK lines name)
    if(NOT name)
        message(FATAL_ERROR "LAMINA_ABI is no name for ${target}")
    endif()
    set(${result} ${name} PARENT_SCOPE)
endfunction()

# The functions that an object gives to others.
function(functions_of object result)
    execute_process(COMMAND ${NM} -P --defined-only ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^ \n]+ [TW] " functions "${symbols}")
    list(TRANSFORM functions REPLACE " [TW] " "")
    if(NOT functions)
        message(FATAL_ERROR "no functions in ${object}")
    endif()
    set(${result} ${functions} PARENT_SCOPE)
endfunction()

# Errors have one type for all targets, and with it constructors and destructors, which do nothing but call those of
# the standard library's errors.
set(of_errors "^_ZN6lamina(11shape|10data|12format|14training)_error[CD]")

# Fails if a function of lamina's lacks the name.
function(check_names object name)
    functions_of(${object} functions)
    string(LENGTH ${name} length)
    list(FILTER functions INCLUDE REGEX "6lamina")
    list(LENGTH functions count)
    if(count LESS 10)
        message(FATAL_ERROR "only ${count} functions of lamina's in ${object}")
    endif()
    list(FILTER functions EXCLUDE REGEX "${length}${name}")
    list(FILTER functions EXCLUDE REGEX "^_ZN?K?St")
    list(FILTER functions EXCLUDE REGEX "${of_errors}")
    if(functions)
        list(JOIN functions "\n  " text)
        message(FATAL_ERROR "${object}: functions outside of the namespace LAMINA_ABI (${name}):\n  ${text}")
    endif()
    message(STATUS "${object}: ${count} functions, all in ${name}")
endfunction()

list(GET TARGETS 0 first)
list(GET TARGETS 1 second)
name_of(${first} first_name)
name_of(${second} second_name)
if(first_name STREQUAL second_name)
    message(FATAL_ERROR "${first} and ${second} have one name, ${first_name}")
endif()

name_of(-DLAMINA_ABI=mine own_name)
if(NOT own_name STREQUAL "mine")
    message(FATAL_ERROR "-DLAMINA_ABI=mine is no name: ${own_name}")
endif()

foreach(level O0 O3)
    foreach(which first second)
        set(object ${WORK}/${which}_${level}.o)
        compile(${${which}} -${level} -DFUNCTION=${which} -c ${SOURCES}/targets/core.cpp -o ${object})
        functions_of(${object} ${which}_functions)
        if(level STREQUAL "O0")
            check_names(${object} ${${which}_name})
        endif()
    endforeach()
    set(shared "")
    foreach(function IN LISTS first_functions)
        if(function IN_LIST second_functions)
            list(APPEND shared ${function})
        endif()
    endforeach()
    list(FILTER shared EXCLUDE REGEX "${of_errors}|^__clang_call_terminate$")
    if(level STREQUAL "O0")
        list(FILTER shared EXCLUDE REGEX "^_ZN?K?(St|9__gnu_cxx)") # the standard library's
    endif()
    if(shared)
        list(JOIN shared "\n  " text)
        message(FATAL_ERROR "-${level}: objects for ${first} and ${second} share functions:\n  ${text}")
    endif()
endforeach()

# All of the library: by clang++ without optimisation, so that no function is missing.
name_of("${ALL_TARGET}" name)
check_names(${ALL} ${name})
