# Writes docs/errors.md: every mistake of tests/compile_fail, what each compiler says of it, and the correction.
# Usage: cmake -D FOLDER=tests/compile_fail -D COMPILERS=g++;clang++-19 -D FLAGS=-Iinclude -D PAGE=docs/errors.md
#        -P error_gallery.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/gallery.cmake)

set(page "# Errors and how to fix them

Each section has a mistake, its correction, and what the compilers print. All are tests in
[tests/compile_fail](../tests/compile_fail), and compile once corrected as shown. Only the lines that explain the error
are shown here: the whole output has one error in at most 20 lines, unless the source says otherwise. Layers are counted
from 0, as in `Model::layers`, so `layer<2, ...>` is the third. clang++ shows as `never<...>` what g++ shows after
\"In instantiation of\".

A message of your compiler may have another namespace inside `lamina`, such as `lamina::sapphire` or `lamina::sse2`. It is
the instruction set that the file is compiled for ([why](dispatch.md)), and no part of the mistake.

**A warning of the stack**, `the frame size of 14339392 bytes is larger than 2097152 bytes`, means that a model of megabytes
is a local variable. Make it `static`, or take `std::make_unique<Model>(ln::seed{42})`: [memory](memory.md#where-it-lives).

This page is written by `cmake --build build/test --target error_gallery`, and the tests fail where it is stale.

**To find your error**, search this page for the words behind `static assertion failed`, or look here:
")
file(GLOB sources ${FOLDER}/*.cpp)
gallery_contents("${sources}" contents)
string(APPEND page "${contents}")
foreach(source IN LISTS sources)
    gallery_head(${source} section)
    gallery_flags(${source} flags)
    string(APPEND page "\n${section}")
    foreach(compiler IN LISTS COMPILERS)
        execute_process(
            COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${compiler} -std=c++20 -fsyntax-only -fdiagnostics-color=never
                    ${FLAGS} -DSHOULD_NOT_COMPILE ${flags} ${source}
            OUTPUT_VARIABLE output
            ERROR_VARIABLE output)
        gallery_compiler(${compiler} title)
        gallery_message("${output}" message)
        gallery_block("${title}" "${message}" block)
        string(APPEND page "${block}")
    endforeach()
endforeach()
file(WRITE ${PAGE} "${page}")
