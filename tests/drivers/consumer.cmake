# Configures, builds and runs a project that uses lamina: from source, or with BUILT=<build folder> as installed
# from there to a folder of its own. Of an installed one also what happens to weights inside a program, which is the same
# from source.
# Usage: cmake -D PROJECT=folder -D LAMINA=source -D COMPILER=g++ -D WORK=folder [-D BUILT=folder] -P consumer.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})
set(weights ${WORK}/digits.safetensors)
set(header ${WORK}/build/lamina_embed/digits/digits.hpp)

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Runs a command that must fail and say this.
function(run_and_fail regex)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    string(REGEX REPLACE "[ \n]+" " " line "${output}") # CMake breaks its messages into lines
    if(status EQUAL 0 OR NOT line MATCHES "${regex}")
        message(FATAL_ERROR "expected to fail with \"${regex}\", found status ${status} and\n${output}")
    endif()
endfunction()

if(BUILT)
    run(${CMAKE_COMMAND} --install ${BUILT} --prefix ${WORK}/prefix)
endif()
set(configure ${CMAKE_COMMAND} -S ${PROJECT} -G Ninja -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D LAMINA=${LAMINA} -D WEIGHTS=${weights})
set(build ${CMAKE_COMMAND} --build ${WORK}/build)
run(${configure} -B ${WORK}/build)
run(${build} --target consumer core_only save)
run(${WORK}/build/consumer)
run(${WORK}/build/core_only)

# The weights inside a program are always those of the file.
function(embed seed)
    run(${WORK}/build/save ${seed} ${weights})
    run(${build})
    run(${WORK}/build/embedded ${seed})
endfunction()
embed(1)

if(BUILT)
    embed(2)

    # Tensors that the file calls otherwise have their names in the project.
    run(${WORK}/build/save 4 ${weights} module)
    run_and_fail("with RENAME module= " ${build})
    run(${configure} -B ${WORK}/build -D RENAME=module=)
    run(${build})
    run(${WORK}/build/embedded 4)
    run(${WORK}/build/save 2 ${weights})
    run(${configure} -B ${WORK}/build -D RENAME=)
    run(${build})

    # A damaged file stops the build, and the header stays as it was.
    file(SHA256 ${header} before)
    file(APPEND ${weights} "x")
    run_and_fail("lamina: [^ ]*/digits.safetensors: expected [0-9]+ bytes of data" ${build})
    file(SHA256 ${header} after)
    if(NOT before STREQUAL after)
        message(FATAL_ERROR "expected the header that was there before, found another one")
    endif()

    # As if for another machine: the tool must be given.
    list(APPEND configure -B ${WORK}/cross -D CMAKE_SYSTEM_NAME=Linux)
    run(${WORK}/build/save 3 ${weights})
    run_and_fail("lamina_embed: expected TOOL, a digits_tool that was built for this machine" ${configure})
    run(${configure} -D TOOL=${WORK}/build/digits_tool)
    run(${CMAKE_COMMAND} --build ${WORK}/cross --target embedded)
    run(${WORK}/cross/embedded 3)

    # A name that C++ reserves stops the build, before the compiler sees the header.
    run(${configure} -D TOOL=${WORK}/build/digits_tool -D NAME=class)
    run_and_fail("lamina: embed: expected an identifier as name, found \"class\", which C\\+\\+"
        ${CMAKE_COMMAND} --build ${WORK}/cross --target embedded)
endif()

# The core needs Boost's headers alone, even without their package. What asks for more is told what it lacks.
cmake_path(GET PROJECT PARENT_PATH folder)
set(nothing -D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON -D CMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON
    -D CMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON)
set(generate ${CMAKE_COMMAND} -G Ninja -D CMAKE_CXX_COMPILER=${COMPILER} ${nothing})
set(configure ${generate} -S ${folder}/core_alone -B ${WORK}/core_alone -D LAMINA=${LAMINA})
if(BUILT)
    run(${generate} -S ${LAMINA} -B ${WORK}/bare_build)
    run(${CMAKE_COMMAND} --install ${WORK}/bare_build --prefix ${WORK}/bare_prefix)
    list(APPEND configure -D PACKAGE=ON -D CMAKE_PREFIX_PATH=${WORK}/bare_prefix)
endif()
run(${configure})
run(${CMAKE_COMMAND} --build ${WORK}/core_alone)
run(${WORK}/core_alone/core_only)

# A model of more than the stack budget is a warning as a local variable, a member of one and a returned value, which names
# the function; it is none as a static variable and on the heap.
foreach(target large_model large_model_on_the_stack)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/core_alone --target ${target}
        OUTPUT_VARIABLE output_of_${target} ERROR_VARIABLE output_of_${target} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
if(output_of_large_model MATCHES "warning")
    message(FATAL_ERROR "expected no warning, found\n${output_of_large_model}")
endif()
foreach(function as_a_local_variable as_a_member_of_one returned)
    if(NOT output_of_large_model_on_the_stack MATCHES
        "${function}\\([^\n]*\n[^\n]* warning: the frame size of|warning: stack frame size[^\n]* exceeds [^\n]* '${function}\\(")
        message(FATAL_ERROR "expected a warning of the frame of ${function}, found\n${output_of_large_model_on_the_stack}")
    endif()
endforeach()
if(BUILT)
    run_and_fail("lamina::lamina needs zlib \\(Debian: zlib1g-dev\\), jansson [^;]*; COMPONENTS core does without"
        ${configure} -D ASK=lamina)
    run_and_fail("expected the components core or lamina, found files" ${configure} -D ASK=files)
else()
    run_and_fail("no lamina::lamina, which needs zlib [^;]*, jansson .* links to: lamina::lamina but the target was not found"
        ${configure} -D ASK=lamina)
endif()
