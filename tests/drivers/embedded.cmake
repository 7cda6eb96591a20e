# Builds the project in which one program trains a network and another one has it inside and asserts, while it is
# compiled, what the network answers. Compiling that may take a processor 15 seconds.
# Usage: cmake -D PROJECT=folder -D BUILT=<build folder of lamina> -D COMPILER=g++ -D WORK=folder -P embedded.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})
set(seconds 15)
set(build ${CMAKE_COMMAND} --build ${WORK}/build)

function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILT} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${PROJECT} -B ${WORK}/build -G Ninja -D CMAKE_CXX_COMPILER=${COMPILER}
    -D "CMAKE_CXX_FLAGS=-Wall -Wextra -Wconversion -Wshadow -Werror" -D CMAKE_PREFIX_PATH=${WORK}/prefix)
run(${build} --target digits)
run(sh -c "ulimit -t ${seconds} && exec \"$@\"" sh ${build} --target answer)
run(${WORK}/build/answer)

# The assertion is one: with another label it fails.
file(READ ${WORK}/build/image.hpp image)
string(REGEX REPLACE "label = [0-9]+" "label = 10" image "${image}")
file(WRITE ${WORK}/build/image.hpp "${image}")
execute_process(COMMAND ${build} --target answer RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "static assertion failed")
    message(FATAL_ERROR "a wrong answer must not compile:\n${output}")
endif()
