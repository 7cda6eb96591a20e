# Runs the benchmarks one after another, weighs the programs that are only weighed, and writes the page.
#     cmake -D PROGRAMS=<folder> -D WEIGHED=<list> -D SIZE=<binutils' size> -D RESULTS=<folder> -D SOURCE=<root>
#         -D FLAGS=<compiler flags> -D PAGE=<page> [-D BRIEF=ON] -P run.cmake
# BRIEF measures nothing of worth: it is for the checks that the benchmarks make.
function(run program repetitions min_time)
    if(BRIEF)
        set(repetitions 1)
        set(min_time 0.001)
    endif()
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
    COMMAND ${PROGRAMS}/report ${RESULTS} ${SOURCE}/benchmarks/report/notes.txt ${PAGE} ${FLAGS}
    COMMAND_ERROR_IS_FATAL ANY)
message("${PAGE} and its pictures are written")
