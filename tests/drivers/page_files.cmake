# Fails where a page names a file of the repository that does not exist: a link, or `code` that looks like a path, which
# is to say that it begins with one of the repository's folders, or ends in / or as a file of the repository does.
# A path starts at the page's folder, the root, include/, include/lamina/ or tests/; a name without / may be anywhere.
# `<layer>` stands for any name, as * does. Blocks of code are not looked at, and what the page saves itself
# (<!-- file: app.cpp -->) need not be there.
# Usage: cmake -D PAGE=README.md -D SOURCE=<root of the repository> -P page_files.cmake
cmake_minimum_required(VERSION 3.25)

set(elsewhere hana.hpp) # Boost's
cmake_path(GET PAGE FILENAME page)
cmake_path(GET PAGE PARENT_PATH folder)
set(bases ${folder} ${SOURCE} ${SOURCE}/include ${SOURCE}/include/lamina ${SOURCE}/tests)
file(READ ${PAGE} text)
string(REGEX MATCHALL "<!-- file: [^ ]+ -->" saved "${text}")
list(TRANSFORM saved REPLACE "<!-- file: ([^ ]+) -->" "\\1")
list(APPEND elsewhere ${saved})
string(PREPEND text "\n")
string(ASCII 1 fence)
string(REGEX REPLACE "\n *```" "${fence}" text "${text}")
string(REGEX REPLACE "${fence}[^${fence}]*${fence}" "\n" text "${text}")
# What a CMake list would be torn apart by.
string(REPLACE "](" " link:" text "${text}")
string(REGEX REPLACE "[][;]" " " text "${text}")

string(REGEX MATCHALL " link:[^) #\n]+" links "${text}")
list(TRANSFORM links REPLACE "^ link:" "")
list(FILTER links EXCLUDE REGEX "^https?://")
string(REGEX MATCHALL "`[A-Za-z0-9_.+<>*/-]+`" paths "${text}")
list(TRANSFORM paths REPLACE "`" "")
list(FILTER paths INCLUDE REGEX "^(include|tests|docs|benchmarks)/|/$|\\.(hpp|cpp|cmake|md|txt|json|mjs|svg|dict|ref)$")

set(missing "")
foreach(path IN LISTS links)
    if(NOT EXISTS ${folder}/${path})
        list(APPEND missing ${path})
    endif()
endforeach()
foreach(path IN LISTS paths)
    string(REGEX REPLACE "<[^>]*>" "*" pattern "${path}")
    string(REGEX REPLACE "/$" "" pattern "${pattern}")
    list(TRANSFORM bases APPEND /${pattern} OUTPUT_VARIABLE patterns)
    file(GLOB found ${patterns})
    if(NOT found AND NOT path MATCHES "/")
        file(GLOB_RECURSE found ${SOURCE}/benchmarks/${path} ${SOURCE}/docs/${path} ${SOURCE}/include/${path}
             ${SOURCE}/tests/${path})
    endif()
    if(NOT found AND NOT path IN_LIST elsewhere)
        list(APPEND missing ${path})
    endif()
endforeach()

if(missing)
    list(REMOVE_DUPLICATES missing)
    list(JOIN missing "\n" missing)
    message(FATAL_ERROR "${page} names what is not in the repository:\n${missing}")
endif()
list(LENGTH links links)
list(LENGTH paths paths)
message(STATUS "${page}: ${links} links and ${paths} paths are there")
