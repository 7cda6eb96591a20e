# Unrolling is bounded: the code of layers does not grow with their image, to within a tenth (loops are rounded to other
# tiles). Four times the side is sixteen times the pixels.
# Usage: cmake -D COMPILER=g++ -D FLAGS=-Iinclude -D WORK=folder -P code_of_a_layer.cmake
cmake_minimum_required(VERSION 3.25)

set(source ${CMAKE_CURRENT_LIST_DIR}/../../benchmarks/compile_time/program.cpp)
file(MAKE_DIRECTORY ${WORK})

function(code side result)
    set(object ${WORK}/side_${side}.o)
    execute_process(
        COMMAND ${COMPILER} -std=c++20 -O2 ${FLAGS} -DSIDE=${side} -DTRAINING -c ${source} -o ${object}
        RESULT_VARIABLE status
        ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${output}")
    endif()
    execute_process(COMMAND size ${object} OUTPUT_VARIABLE sizes)
    if(NOT sizes MATCHES "\n *([0-9]+)")
        message(FATAL_ERROR "size does not say: ${sizes}")
    endif()
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

code(16 small)
code(64 large)
math(EXPR most "${small} * 11 / 10")
if(large GREATER most)
    message(FATAL_ERROR "${small} bytes of code for images of 16x16, ${large} for 64x64")
endif()
message(STATUS "${small} bytes of code for images of 16x16, ${large} for 64x64")
