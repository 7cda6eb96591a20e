# A test that cannot fail proves nothing: gives each driver faulty input and checks that it says what is wrong.
# Usage: cmake -D COMPILER=g++ -D WORK=folder -P self_test.cmake
cmake_minimum_required(VERSION 3.25)

set(here ${CMAKE_CURRENT_LIST_DIR})
set(faults 0)

# Runs a driver on the arguments after `expected`; it must say `expected`, and pass only if that begins with "--".
function(expect driver expected)
    execute_process(
        COMMAND ${CMAKE_COMMAND} ${ARGN} -P ${here}/${driver}.cmake
        RESULT_VARIABLE status
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " text "${output}")
    string(FIND "${text}" "${expected}" at)
    string(FIND "${expected}" "--" passes)
    if(at EQUAL -1 OR (passes EQUAL 0 AND NOT status EQUAL 0) OR (NOT passes EQUAL 0 AND status EQUAL 0))
        message("${driver} on ${ARGN} returned ${status}, must say: ${expected}\n${output}\n")
        math(EXPR faults "${faults} + 1")
        set(faults ${faults} PARENT_SCOPE)
    endif()
endfunction()

# Writes the text to a file and runs compile_fail on it.
macro(expect_of_source text expected)
    file(WRITE ${WORK}/source.cpp "${text}")
    expect(compile_fail "${expected}" -D SOURCE=${WORK}/source.cpp -D COMPILER=${COMPILER})
endmacro()

# The same for a page and docs, with a library of one variable.
file(WRITE ${WORK}/include/lamina/lamina.hpp "#pragma once\nnamespace lamina { inline int one = 1; }\n")
macro(expect_of_page text expected)
    file(WRITE ${WORK}/page.md "${text}")
    expect(docs "${expected}" -D PAGE=${WORK}/page.md -D COMPILER=${COMPILER} -D FLAGS=-I${WORK}/include
           -D WORK=${WORK}/docs)
endmacro()

# The same for a folder with one header and include_rules.
macro(expect_of_header name include expected)
    file(REMOVE_RECURSE ${WORK}/headers)
    file(WRITE ${WORK}/headers/${name} "#pragma once\n#include ${include}\n")
    expect(include_rules "${expected}" -D HEADERS=${WORK}/headers -D RULES=${here}/include_rules.txt)
endmacro()

# The same with a gallery of its own.
macro(expect_of_gallery text page expected)
    file(WRITE ${WORK}/source.cpp "${text}")
    file(WRITE ${WORK}/errors.md "${page}")
    expect(compile_fail "${expected}" -D SOURCE=${WORK}/source.cpp -D COMPILER=${COMPILER} -D GALLERY=${WORK}/errors.md)
endmacro()

set(broken "#ifdef SHOULD_NOT_COMPILE\nstatic_assert(false, \"oh\");\n#endif\n")
set(broken_twice "${broken}${broken}")
expect_of_source("// EXPECT: oh\n${broken}" "-- source.cpp: 1 error as expected")
expect_of_source("${broken}" "has no `// EXPECT")
expect_of_source("// EXPECT: ah\n${broken}" "its error must say: ah")
expect_of_source("// EXPECT: oh\n// EXPECT: ah\n${broken}" "its error must say: ah")
expect_of_source("// EXPECT: oh\n" "must not compile with SHOULD_NOT_COMPILE, but does")
expect_of_source("// EXPECT: oh\nstatic_assert(false, \"oh\");\n" "the corrected program must compile, but does not")
expect_of_source("// EXPECT: oh\n${broken_twice}" "must give 1 error, gives 2")
expect_of_source("// EXPECT: oh\n#warning ah\n${broken}" "its error must come without a warning")
expect_of_source("// EXPECT: oh\n// LINES: 1\n${broken}" "its error must fit 1 lines, takes")

expect_of_source("// EXPECT: oh\n// ERRORS: 2 (g|clang).*\n${broken_twice}" "-- source.cpp: 2 error as expected")
expect_of_source("// EXPECT: oh\n// ERRORS: 2 other\n${broken_twice}" "must give 1 error, gives 2")
expect_of_gallery("// A\n// EXPECT: oh\n${broken}" "\n## B\n" "docs/errors.md is stale")
set(section "\n## A\n\n[source.cpp](../tests/compile_fail/source.cpp)\n\n```diff\n- static_assert(false, \"oh\");\n```\n")
expect_of_gallery("// A\n// EXPECT: oh\n${broken}" "${section}" "-- source.cpp: 1 error as expected")
file(WRITE ${WORK}/two.md "\n## A\n\n## B\n")
expect(gallery_sections "has 2 sections, must have 3" -D PAGE=${WORK}/two.md -D SECTIONS=3)
file(WRITE ${WORK}/twice.md "\n## A\n\n## B\n\n## A\n")
expect(gallery_sections "has two sections of one title: ## A" -D PAGE=${WORK}/twice.md -D SECTIONS=3)

expect_of_page("```cpp\nint a[] = {1, 2};\n```\n" "-- page.md: 1 blocks are as they say")
expect_of_page("<!-- fails: int -->\n\n```cpp\nint a = \"\";\n```\n" "-- page.md: 1 blocks are as they say")
expect_of_page("<!-- run -->\n```cpp\nint main() {}\n```\n" "-- page.md: 1 blocks are as they say")
set(prelude "<!-- compile: prelude -->\n```cpp\nint two = ln::one + 1;\n```\n")
set(fragment "<!-- compile: fragment -->\n```cpp\ntwo += ln::one;\n```\n")
expect_of_page("${prelude}text\n${fragment}" "-- page.md: 2 blocks are as they say")
expect_of_page("${fragment}text\n${prelude}" "page.md:3: must compile, but does not")
expect_of_page("<!-- compile: fragment -->\ntext\n```cpp\nlamina::one += 1;\n```\n" "must compile, but does not")
expect_of_page("text\n```sh\nls\n```\n" "no block of C++ found")
expect_of_page("```cpp\nint a = \"\";\n```\n" "page.md:2: must compile, but does not")
expect_of_page("```cpp\nint a;\n" "page.md:2: this block is not closed")
expect_of_page("<!-- run -->\n```cpp\nint main() { return 3; }\n```\n" "page.md:3: must return 0, but returns 3")
expect_of_page("<!-- fails: no such -->\n```cpp\nint a;\n```\n" "page.md:3: must not compile, but does")
expect_of_page("<!-- fails: no such -->\n```cpp\nint a = \"\";\n```\n" "page.md:3: its error must say: no such")
expect_of_page("<!-- compile: part -->\n```cpp\nint a;\n```\n" "page.md:1: not a comment this test knows")

expect_of_header(tensor.hpp "<lamina/shape.hpp>" "-- 1 headers, 1 includes")
expect_of_header(topology/infer.hpp "<boost/hana/fold_left.hpp>" "-- 1 headers, 1 includes")
expect_of_header(layers/tanh.hpp "<lamina/layers/elementwise.hpp>" "-- 1 headers, 1 includes")
expect_of_header(lamina.hpp "<lamina/core.hpp>" "-- 1 headers, 1 includes")
expect_of_header(none.txt "<vector>" "no headers in")
expect_of_header(shape.hpp "<lamina/tensor.hpp>" "shape.hpp may not include lamina/tensor.hpp")
expect_of_header(kernels/conv.hpp "<lamina/layers/conv.hpp>" "kernels/conv.hpp may not include lamina/layers/conv.hpp")
expect_of_header(layers/conv.hpp "<lamina/layers/dense.hpp>" "layers/conv.hpp may not include lamina/layers/dense.hpp")
expect_of_header(layers/conv.hpp "<lamina/topology/infer.hpp>" "may not include lamina/topology/infer.hpp")
expect_of_header(topology/plan.hpp "<lamina/model.hpp>" "topology/plan.hpp may not include lamina/model.hpp")
expect_of_header(model.hpp "<lamina/data/images.hpp>" "model.hpp may not include lamina/data/images.hpp")
expect_of_header(model.hpp "<lamina/lamina.hpp>" "model.hpp may not include lamina/lamina.hpp")
expect_of_header(train/fit.hpp "<lamina/core.hpp>" "train/fit.hpp may not include lamina/core.hpp")
expect_of_header(data/idx.hpp "<lamina/train/fit.hpp>" "may not include lamina/train/fit.hpp")
expect_of_header(model.hpp "<boost/hana/fold_left.hpp>" "model.hpp may not include boost/hana/fold_left.hpp")
expect_of_header(topology/infer.hpp "<boost/hana.hpp>" "topology/infer.hpp may not include boost/hana.hpp")
expect_of_header(model.hpp "<zlib.h>" "model.hpp may not include zlib.h")
expect_of_header(model.hpp "<fmt/format.h>" "neither standard nor listed")
expect_of_header(train/fit.hpp "<memory>" "train/fit.hpp may not include memory")
expect_of_header(dynamic/layer.hpp "<memory>" "-- 1 headers, 1 includes")
expect_of_header(model.hpp "\"tensor.hpp\"" "write #include <lamina/...>")
expect_of_header(stray.hpp "<vector>" "no rule says what stray.hpp may include")
expect_of_header(kernels/conv.hpp "<vector>\nnamespace lamina::inline LAMINA_ABI::kernels {}" "-- 1 headers, 1 includes")
expect_of_header(layers/conv.hpp "<vector>\nnamespace lamina {}" "-- 1 headers, 1 includes")
expect_of_header(kernels/conv.hpp "<vector>\nnamespace lamina::kernels {}" "kernels/conv.hpp: write namespace lamina::inline LAMINA_ABI {")
expect_of_header(kernels/conv.hpp "<vector>\nnamespace lamina {\ninline namespace LAMINA_ABI {}\n}" "kernels/conv.hpp: write namespace")

# A repository of two files and page_files.
file(WRITE ${WORK}/repository/include/lamina/layers/conv.hpp "")
file(WRITE ${WORK}/repository/tests/unit/layers/conv_test.cpp "")
macro(expect_of_names text expected)
    file(WRITE ${WORK}/repository/page.md "${text}")
    expect(page_files "${expected}" -D PAGE=${WORK}/repository/page.md -D SOURCE=${WORK}/repository)
endmacro()
expect_of_names("`conv.hpp`, `layers/conv.hpp`, `unit/`, `unit/layers/<layer>_test.cpp`, [it](tests/unit)\n"
                "-- page.md: 1 links and 4 paths are there")
expect_of_names("`mlp/infer` `std::string`, [elsewhere](https://a.b/c)\n```sh\ncat `tests/none`\n```\n"
                "-- page.md: 0 links and 0 paths are there")
expect_of_names("`unit/layers/pool_test.cpp`\n" "not in the repository: unit/layers/pool_test.cpp")
expect_of_names("`pool.hpp`\n" "not in the repository: pool.hpp")
expect_of_names("`tests/law`\n" "not in the repository: tests/law")
expect_of_names("`laws/`\n" "not in the repository: laws/")
expect_of_names("[it](tests/laws)\n" "not in the repository: tests/laws")

# A page, a list and page_commands.
macro(expect_of_commands text list expected)
    file(WRITE ${WORK}/page.md "${text}")
    file(WRITE ${WORK}/commands.txt "${list}")
    expect(page_commands "${expected}" -D PAGES=${WORK}/page.md -D LIST=${WORK}/commands.txt)
endmacro()
set(tested "<!-- test -->\n```sh\n$(command -v sudo) apt-get install a &&\n    cmake --version\n```\n")
set(run "run apt-get install ...\nrun cmake --version\n")
expect_of_commands("${tested}`ctest -R a`" "${run}not ctest -R a\n    it is one\n"
                   "-- Commands that CI does not run: ctest -R a it is one")
expect_of_commands("${tested}`ctest -R\na`" "${run}" "shown, but not listed: ctest -R a")
expect_of_commands("${tested}```sh\nnpm i\n```\n" "${run}" "shown, but not listed: npm i")
expect_of_commands("```sh\nnpm i\n```\n" "run npm i\n" "CI does not run it: npm i")
expect_of_commands("`npm i`" "not npm i\n" "no reason is given: npm i")
expect_of_commands("${tested}" "${run}not npm i\n    it is one\n" "listed, but on no page: npm i")
expect_of_commands("" "npm i\n" "not a line of this list: npm i")

if(faults)
    message(FATAL_ERROR "${faults} drivers do not notice what is wrong")
endif()
