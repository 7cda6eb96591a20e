# One program, compiled without contraction by several compilers at several levels and with -ffast-math, prints the same bits.
#   cmake -D SOURCE=<file> -D COMPILERS=<list> -D FLAGS=<list> -D WORK=<folder> -P reproducible.cmake
file(MAKE_DIRECTORY ${WORK})
set(first "")
foreach(compiler IN LISTS COMPILERS)
    foreach(level -O0 -O2 "-O2;-ffast-math")
        execute_process(
            COMMAND ${compiler} -std=c++20 ${level} ${FLAGS} -ffp-contract=off ${SOURCE} -o ${WORK}/program
            COMMAND_ERROR_IS_FATAL ANY)
        execute_process(COMMAND ${WORK}/program OUTPUT_VARIABLE bits COMMAND_ERROR_IS_FATAL ANY)
        message(STATUS "${compiler} ${level}: ${bits}")
        if(NOT first)
            set(first "${bits}")
        elseif(NOT bits STREQUAL first)
            message(FATAL_ERROR "${compiler} ${level}: expected the bits ${first}, found ${bits}")
        endif()
    endforeach()
endforeach()
