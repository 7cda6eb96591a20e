# Checks that a page has as many sections as there are sources, so that none outlives its source, and that no two have one
# title.
# Usage: cmake -D PAGE=docs/errors.md -D SECTIONS=74 -P gallery_sections.cmake
cmake_minimum_required(VERSION 3.25)

file(READ ${PAGE} page)
string(REGEX REPLACE "[][;]" " " page "${page}") # what a CMake list would be torn apart by
string(REGEX MATCHALL "\n## [^\n]*" sections "${page}")
list(LENGTH sections count)
if(NOT count EQUAL SECTIONS)
    message(FATAL_ERROR "${PAGE} has ${count} sections, must have ${SECTIONS}: build the target error_gallery")
endif()
foreach(section IN LISTS sections)
    list(REMOVE_AT sections 0)
    if(section IN_LIST sections)
        message(FATAL_ERROR "${PAGE} has two sections of one title:${section}")
    endif()
endforeach()
