# Checks that a page has as many sections as there are sources, so that none outlives its source.
# Usage: cmake -D PAGE=docs/errors.md -D SECTIONS=74 -P gallery_sections.cmake
cmake_minimum_required(VERSION 3.25)

file(READ ${PAGE} page)
string(REGEX MATCHALL "\n## " sections "${page}")
list(LENGTH sections count)
if(NOT count EQUAL SECTIONS)
    message(FATAL_ERROR "${PAGE} has ${count} sections, must have ${SECTIONS}: build the target error_gallery")
endif()
