# Sets `result` to the number of templates that clang++ instantiates for a source, from its time trace.
function(count_instantiations compiler work result)
    execute_process(
        COMMAND ${compiler} -std=c++20 -O0 -ftime-trace -ftime-trace-granularity=0 ${ARGN} -c -o ${work}/counted.o
        RESULT_VARIABLE status
        ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${output}")
    endif()
    execute_process(
        COMMAND grep -o "\"name\":\"Instantiate[CF]" ${work}/counted.json
        COMMAND wc -l
        OUTPUT_VARIABLE count
        OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(${result} ${count} PARENT_SCOPE)
endfunction()
