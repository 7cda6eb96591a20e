# Headers that are compiled once, for the tests that run a compiler hundreds of times: half of such a test's time goes to
# reading them. PRECOMPILED is a folder with <header>.gch; without one, or without that file, headers are read as usual.

# The flags with which COMPILER takes the first #include <...> of a source, before which there is no #define, from PRECOMPILED.
function(precompiled_flags source result)
    set(flags "")
    file(STRINGS ${source} includes REGEX "^#(include|define) " LIMIT_COUNT 1)
    if(includes MATCHES "^#include <(.*)>$")
        set(header ${PRECOMPILED}/${CMAKE_MATCH_1}.gch) # not above: an if() has its words before it matches
        if(COMPILER MATCHES "clang" AND EXISTS ${header})
            set(flags -include-pch ${header})
        elseif(EXISTS ${header})
            set(flags -I${PRECOMPILED})
        endif()
    endif()
    set(${result} ${flags} PARENT_SCOPE)
endfunction()
