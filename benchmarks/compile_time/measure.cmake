# Compiles program.cpp in many ways and writes a table: seconds of processor time, peak memory, template instantiations
# (of clang++, exact) and bytes of code. Needs /usr/bin/time.
# Usage: cmake -D COMPILERS=g++;clang++-19 -D FLAGS=-Iinclude -D WORK=folder -D PAGE=table.md -P measure.cmake
cmake_minimum_required(VERSION 3.25)

set(source ${CMAKE_CURRENT_LIST_DIR}/program.cpp)
file(MAKE_DIRECTORY ${WORK})
set(table "| program | compiler | seconds | MiB | instantiations | code, KiB |\n|---|---|---|---|---|---|\n")

function(measure name compiler level)
    set(object ${WORK}/program.o)
    execute_process(
        COMMAND /usr/bin/time -f "measured %U %S %M" ${compiler} -std=c++20 ${level} ${FLAGS} ${ARGN} -c ${source} -o ${object}
        RESULT_VARIABLE status
        ERROR_VARIABLE output)
    if(NOT status EQUAL 0 OR NOT output MATCHES "measured ([0-9]+)\\.([0-9]+) ([0-9]+)\\.([0-9]+) ([0-9]+)")
        message(FATAL_ERROR "${compiler} ${level} ${ARGN}:\n${output}")
    endif()
    # Hundredths, without leading zeros, which would be octal.
    math(EXPR hundredths "${CMAKE_MATCH_1} * 100 + 1${CMAKE_MATCH_2} - 100 + ${CMAKE_MATCH_3} * 100 + 1${CMAKE_MATCH_4} - 100")
    math(EXPR whole "${hundredths} / 100")
    math(EXPR rest "${hundredths} % 100 + 100")
    string(SUBSTRING ${rest} 1 2 rest)
    math(EXPR mib "${CMAKE_MATCH_5} / 1024")

    execute_process(COMMAND size ${object} OUTPUT_VARIABLE sizes)
    string(REGEX MATCH "\n *([0-9]+)" line "${sizes}")
    math(EXPR code "${CMAKE_MATCH_1} / 1024")

    set(count "")
    if(compiler MATCHES "clang" AND level STREQUAL "-O0")
        include(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/count.cmake)
        count_instantiations(${compiler} ${WORK} count ${FLAGS} ${ARGN} ${source})
    endif()
    set(row "| ${name} | ${compiler} ${level} | ${whole}.${rest} | ${mib} | ${count} | ${code} |\n")
    message(STATUS "${row}")
    set(table "${table}${row}" PARENT_SCOPE)
endfunction()

foreach(compiler IN LISTS COMPILERS)
    foreach(level -O0 -O2 -O3)
        foreach(network Card Lenet5 Mlp VggSmall)
            measure("${network}, inference" ${compiler} ${level} -DNETWORK=${network}Model)
            measure("${network}, training" ${compiler} ${level} -DNETWORK=${network}Model -DTRAINING)
        endforeach()
        foreach(depth 1 10 25 50 75 100)
            measure("${depth} layers, inference" ${compiler} ${level} -DDEPTH=${depth})
            measure("${depth} layers, training" ${compiler} ${level} -DDEPTH=${depth} -DTRAINING)
        endforeach()
    endforeach()
endforeach()
file(WRITE ${PAGE} "${table}")
