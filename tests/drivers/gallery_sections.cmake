# Checks that a page has as many sections as there are sources, so that none outlives its source, that no two have one
# title, and that the table of contents lists them all.
# Usage: cmake -D PAGE=docs/errors.md -D FOLDER=tests/compile_fail -P gallery_sections.cmake
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/gallery.cmake)

file(GLOB sources ${FOLDER}/*.cpp)
list(LENGTH sources wanted)
gallery_contents("${sources}" contents)
file(READ ${PAGE} page)
string(FIND "${page}" "${contents}\n## " contents_at)
string(REGEX REPLACE "[][;]" " " page "${page}") # what a CMake list would be torn apart by
string(REGEX MATCHALL "\n## [^\n]*" sections "${page}")
list(LENGTH sections count)
if(NOT count EQUAL wanted)
    message(FATAL_ERROR "${PAGE} has ${count} sections, must have ${wanted}: build the target error_gallery")
endif()
foreach(section IN LISTS sections)
    list(REMOVE_AT sections 0)
    if(section IN_LIST sections)
        message(FATAL_ERROR "${PAGE} has two sections of one title:${section}")
    endif()
endforeach()
if(contents_at EQUAL -1)
    message(FATAL_ERROR "${PAGE}: its table of contents is stale: build the target error_gallery")
endif()
cmake_path(GET PAGE FILENAME page)
message(STATUS "${page}: ${count} sections, all in its list")
