# Runs the benchmarks one after another, weighs the programs that are only weighed, and writes the page.
#     cmake -D PROGRAMS=<folder> -D WEIGHED=<list> -D SIZE=<binutils' size> -D RESULTS=<folder> -D SOURCE=<root>
#         -D FLAGS=<compiler flags> -D PAGE=<page> [-D BRIEF=ON] -P run.cmake
# BRIEF measures nothing of worth: it is for the checks that the benchmarks make.
function(run program seconds)
    if(BRIEF)
        set(seconds 0.001)
    endif()
    execute_process(
        COMMAND ${PROGRAMS}/${program} --benchmark_min_time=${seconds} --benchmark_out=${RESULTS}/${program}.json
        COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(MAKE_DIRECTORY ${RESULTS})
# Seconds of each benchmark's turns.
run(steps 0.5)
run(widths 0.3)
run(profile 0.3)
run(threads 1.0)
run(shapes 0.2)
run(streams 0.3)

foreach(program IN LISTS WEIGHED)
    execute_process(
        COMMAND ${SIZE} --format=sysv ${PROGRAMS}/${program}
        OUTPUT_FILE ${RESULTS}/${program}.txt
        COMMAND_ERROR_IS_FATAL ANY)
endforeach()

execute_process(
    COMMAND ${PROGRAMS}/report ${RESULTS} ${SOURCE}/benchmarks/report/notes.txt ${PAGE} ${FLAGS}
    COMMAND_ERROR_IS_FATAL ANY)
message("${PAGE} and its pictures are written")
