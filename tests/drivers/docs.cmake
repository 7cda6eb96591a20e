# Compiles the ```cpp blocks of a Markdown page, and runs some of its ```sh blocks. HTML comments on the lines before a
# block say how:
#   (none)                        a whole source file, compiled as it is
#   <!-- compile: prelude -->     declarations for the page's fragments
#   <!-- compile: fragment -->    statements, wrapped into a function after the preludes so far. All that must compile are
#                                 compiled together: what they have in common is most of the work
#   <!-- run -->                  is also linked, run, and must return 0
#   <!-- fails: <regex> -->       must not compile, and the compiler must say <regex>
#   <!-- file: <name> -->         is saved under that name beside the blocks below it, which may include it
#   <!-- shell -->                before ```sh: with COMMANDS=ON, it is run beside these files, and must succeed
# Beside them, the repository is `lamina`.
# Usage: cmake -D PAGE=README.md -D COMPILER=g++ -D FLAGS=-Iinclude -D RUN_FLAGS=... -D LIBRARIES=... -D WORK=folder
#        -D SOURCE=repository [-D COMMANDS=ON] [-D PRECOMPILED=folder] -P docs.cmake
# RUN_FLAGS are for the blocks that are run, besides FLAGS, which are for all.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/precompiled.cmake)

cmake_path(GET PAGE FILENAME page)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
file(CREATE_LINK ${SOURCE} ${WORK}/lamina SYMBOLIC)

set(heading "#include <lamina/lamina.hpp>\nnamespace ln = lamina;\n")
set(preludes "")
set(together "") # preludes and fragments
set(blocks 0)
set(faults 0)

function(fault reason)
    message("${output}\n${page}:${line}: ${reason}\n")
    math(EXPR faults "${faults} + 1")
    set(faults ${faults} PARENT_SCOPE)
endfunction()

# Compiles `code` in the file `name`.cpp with the flags after it; leaves `status` and `output`.
function(compile_as name code)
    set(source ${WORK}/${name}.cpp)
    file(WRITE ${source} "${code}")
    set(command ${COMPILER} -std=c++20 -fdiagnostics-color=never -iquote ${WORK})
    if(run)
        list(APPEND command ${FLAGS} ${RUN_FLAGS} ${source} -o ${WORK}/${name} ${LIBRARIES})
    else()
        precompiled_flags(${source} precompiled)
        list(APPEND command ${precompiled} ${FLAGS} ${source} -fsyntax-only)
    endif()
    execute_process(
        COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${command}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    set(status "${status}" PARENT_SCOPE)
    set(output "${output}" PARENT_SCOPE)
endfunction()

# Checks that `code`, the block that begins at `line`, is as its comments say.
macro(check_block)
    math(EXPR blocks "${blocks} + 1")
    set(output "")
    if(name)
        file(WRITE ${WORK}/${name} "${code}")
    endif()
    if(name MATCHES "\\.hpp$")
        set(code "#include \"${name}\"\n")
    else()
        set(code "#line ${line} \"${page}\"\n${code}")
    endif()
    if(how STREQUAL "prelude")
        string(APPEND preludes "${code}")
        string(APPEND together "${code}")
    elseif(how STREQUAL "fragment")
        set(code "void fragment_${line}() {\n${code}}\n")
        if(fails)
            set(code "${heading}${preludes}${code}")
        else()
            string(APPEND together "${code}")
        endif()
    endif()

    if(how STREQUAL "whole" OR fails)
        compile_as(line_${line} "${code}")
        if(fails)
            if(status EQUAL 0)
                fault("must not compile, but does")
            elseif(NOT output MATCHES "${fails}")
                fault("its error must say: ${fails}")
            endif()
        elseif(NOT status EQUAL 0)
            fault("must compile, but does not")
        elseif(run)
            execute_process(
                COMMAND ${WORK}/line_${line}
                WORKING_DIRECTORY ${WORK}
                RESULT_VARIABLE status
                OUTPUT_VARIABLE output
                ERROR_VARIABLE output)
            if(NOT status EQUAL 0)
                fault("must return 0, but returns ${status}")
            endif()
        endif()
    endif()
endmacro()

# Runs `code`, the commands that begin at `line`.
macro(run_shell)
    math(EXPR blocks "${blocks} + 1")
    if(COMMANDS)
        file(WRITE ${WORK}/line_${line}.sh "${code}")
        execute_process(
            COMMAND sh -e line_${line}.sh
            WORKING_DIRECTORY ${WORK}
            RESULT_VARIABLE status
            OUTPUT_VARIABLE output
            ERROR_VARIABLE output)
        if(NOT status EQUAL 0)
            fault("its commands must succeed, but return ${status}")
        endif()
    endif()
endmacro()

macro(forget_comments)
    set(how "whole")
    set(run OFF)
    set(shell OFF)
    set(fails "")
    set(name "")
endmacro()

# Line by line by hand: a CMake list would be torn apart by the brackets and semicolons of C++.
file(READ ${PAGE} rest)
set(number 0)
set(inside OFF)
forget_comments()
while(NOT rest STREQUAL "")
    string(FIND "${rest}" "\n" end)
    string(SUBSTRING "${rest}" 0 ${end} text)
    if(end EQUAL -1)
        set(rest "")
    else()
        math(EXPR end "${end} + 1")
        string(SUBSTRING "${rest}" ${end} -1 rest)
    endif()
    math(EXPR number "${number} + 1")

    if(inside AND text MATCHES "^ *```$")
        set(inside OFF)
        if(shell)
            run_shell()
        else()
            check_block()
        endif()
        forget_comments()
    elseif(inside)
        string(APPEND code "${text}\n")
    elseif((text MATCHES "^ *```cpp$" AND NOT shell) OR (text MATCHES "^ *```sh$" AND shell))
        set(inside ON)
        set(code "")
        math(EXPR line "${number} + 1")
    elseif(text MATCHES "^ *<!-- compile: (prelude|fragment) -->$")
        set(how ${CMAKE_MATCH_1})
    elseif(text MATCHES "^ *<!-- run -->$")
        set(run ON)
    elseif(text MATCHES "^ *<!-- fails: (.+) -->$")
        set(fails "${CMAKE_MATCH_1}")
    elseif(text MATCHES "^ *<!-- shell -->$")
        set(shell ON)
    elseif(text MATCHES "^ *<!-- file: ([^ /]+) -->$")
        set(name ${CMAKE_MATCH_1})
    elseif(text MATCHES "^ *<!-- (compile|run|fails|file|shell)")
        set(line ${number})
        set(output "")
        fault("not a comment this test knows: ${text}")
    elseif(NOT text STREQUAL "")
        forget_comments()
    endif()
endwhile()

if(together)
    compile_as(together "${heading}${together}")
    if(NOT status EQUAL 0)
        set(line fragments)
        fault("must compile, but do not")
    endif()
endif()

if(inside)
    message(FATAL_ERROR "${page}:${line}: this block is not closed")
elseif(faults)
    message(FATAL_ERROR "${page}: ${faults} faults in ${blocks} blocks")
elseif(blocks EQUAL 0)
    message(FATAL_ERROR "${page}: no block of C++ found")
endif()
message(STATUS "${page}: ${blocks} blocks are as they say")
