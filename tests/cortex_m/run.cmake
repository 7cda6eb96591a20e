# Runs a program on a board that QEMU imitates, and prints what it needs of the chip. The board must say what CHECKER, the same
# program on this machine, finds right; or SAYS; or nothing in particular. It links neither stdio nor the heap, strings or
# exceptions.
# Usage: cmake -D PROGRAM=x -D EMPTY=x -D QEMU=qemu-system-arm -D BOARD=mps2-an386 -D SIZE=size -D NM=nm [-D CHECKER=x |
#     -D SAYS=text] -P run.cmake
cmake_minimum_required(VERSION 3.25)

# Sets <prefix>_flash and <prefix>_static, in bytes.
function(measure prefix program)
    execute_process(COMMAND ${SIZE} ${program} OUTPUT_VARIABLE table COMMAND_ERROR_IS_FATAL ANY)
    if(NOT table MATCHES "\n *([0-9]+)[ \t]+([0-9]+)[ \t]+([0-9]+)")
        message(FATAL_ERROR "expected text, data and bss, found\n${table}")
    endif()
    math(EXPR flash "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2}")
    math(EXPR static "${CMAKE_MATCH_2} + ${CMAKE_MATCH_3}")
    set(${prefix}_flash ${flash} PARENT_SCOPE)
    set(${prefix}_static ${static} PARENT_SCOPE)
endfunction()

execute_process(COMMAND ${NM} ${PROGRAM} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(symbols MATCHES "[^\n]*(_Zn[wa]|malloc|_sbrk|basic_string|_errorC|exception|__cxa_|printf|abort)[^\n]*")
    message(FATAL_ERROR "expected a program without heap, strings, stdio and exceptions, found ${CMAKE_MATCH_0}")
elseif(NOT symbols MATCHES " reset\n")
    message(FATAL_ERROR "expected the symbol reset, found\n${symbols}")
endif()

# With -icount QEMU's clock counts instructions. What the board prints comes by way of standard error.
execute_process(
    COMMAND ${QEMU} -M ${BOARD} -icount shift=0 -semihosting-config enable=on,target=native -nographic -monitor none
            -serial none -kernel ${PROGRAM}
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
    RESULT_VARIABLE status
    TIMEOUT 120)
if(SAYS)
    if(NOT output STREQUAL SAYS)
        message(FATAL_ERROR "expected the board to say\n${SAYS}\nfound\n${output}")
    endif()
    return()
elseif(NOT status EQUAL 0 OR NOT output MATCHES "stack ([0-9]+)\n$")
    message(FATAL_ERROR "expected status 0 and the size of the stack, found status ${status} and\n${output}")
endif()
set(stack ${CMAKE_MATCH_1})
if(CHECKER)
    file(WRITE ${PROGRAM}.txt "${output}")
    execute_process(COMMAND ${CHECKER} INPUT_FILE ${PROGRAM}.txt COMMAND_ERROR_IS_FATAL ANY)
else()
    message("${output}")
endif()
measure(whole ${PROGRAM})
measure(empty ${EMPTY})
math(EXPR more "${whole_flash} - ${empty_flash}")
message("flash ${whole_flash} bytes, ${more} more than without a network; static memory ${whole_static}, stack ${stack}")
