# Runs the benchmarks one after another, weighs the programs that are only weighed, and writes the page.
#     cmake -D PROGRAMS=<folder> -D WEIGHED=<list> -D SIZE=<binutils' size> -D RESULTS=<folder> -D SOURCE=<root>
#         -D FLAGS=<compiler flags> -P run.cmake
function(run program repetitions min_time)
    execute_process(
        COMMAND ${PROGRAMS}/${program} --benchmark_repetitions=${repetitions} --benchmark_min_time=${min_time}
            --benchmark_display_aggregates_only=true --benchmark_out=${RESULTS}/${program}.json
        COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(MAKE_DIRECTORY ${RESULTS})
run(steps 5 0.2)
run(widths 5 0.1)
run(profile 5 0.1)
run(threads 5 0.5)
run(shapes 3 0.05)

foreach(program IN LISTS WEIGHED)
    execute_process(
        COMMAND ${SIZE} --format=sysv ${PROGRAMS}/${program}
        OUTPUT_FILE ${RESULTS}/${program}.txt
        COMMAND_ERROR_IS_FATAL ANY)
endforeach()

execute_process(
    COMMAND ${PROGRAMS}/report ${RESULTS} ${SOURCE}/benchmarks/report/notes.txt ${SOURCE}/docs/benchmarks.md ${FLAGS}
    COMMAND_ERROR_IS_FATAL ANY)
message("docs/benchmarks.md and its pictures are written")
