# Trains a network, then compiles a program that has it inside and asserts, while it compiles, what the network answers.
# Compiling may take 15 seconds.
# Usage: cmake -D TRAIN=program -D SOURCE=answer.cpp -D COMPILER=g++ -D FLAGS=-Iinclude -D WORK=folder -P embedded.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(run what)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 15)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${what}: ${status}\n${output}")
    endif()
endfunction()

# Training in a build with sanitizers takes its time; what follows does not depend on it.
execute_process(COMMAND ${TRAIN} ${WORK} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "training failed: ${status}")
endif()

set(steps "")
execute_process(COMMAND ${COMPILER} --version OUTPUT_VARIABLE banner)
if(banner MATCHES "clang")
    set(steps -fconstexpr-steps=100000000) # its default, a million, is less than a forward pass takes
endif()
set(command ${COMPILER} -std=c++20 ${FLAGS} ${steps} -I${WORK} ${SOURCE})
run("compiling the right answer" ${command} -o ${WORK}/answer)
run("running it" ${WORK}/answer)

# The assertion is one: with another label it fails.
file(READ ${WORK}/image.hpp image)
string(REGEX REPLACE "label = [0-9]+" "label = 10" image "${image}")
file(WRITE ${WORK}/wrong/image.hpp "${image}")
execute_process(
    COMMAND ${COMPILER} -std=c++20 ${FLAGS} ${steps} -I${WORK}/wrong -I${WORK} -fsyntax-only ${SOURCE}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "static assertion failed")
    message(FATAL_ERROR "a wrong answer must not compile:\n${output}")
endif()
