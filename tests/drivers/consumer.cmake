# Configures, builds and runs a project that uses lamina: from source, or with BUILT=<build folder> as installed
# from there to a folder of its own.
# Usage: cmake -D PROJECT=folder -D LAMINA=source -D COMPILER=g++ -D WORK=folder -P consumer.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

if(BUILT)
    run(${CMAKE_COMMAND} --install ${BUILT} --prefix ${WORK}/prefix)
endif()
run(${CMAKE_COMMAND} -S ${PROJECT} -B ${WORK}/build -G Ninja -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D LAMINA=${LAMINA})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
run(${WORK}/build/core_only)
