// Work done by a user who may less than root, for tests of permissions: tests often run as root.
#pragma once

#include <doctest/doctest.h>

#include <exception>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

inline constexpr uid_t nobody = 65'534; // and the group of that number

/// Does it in a process of its own, as nobody if this one belongs to root. Returns what is thrown, or "".
template <class Work>
std::string as_nobody(Work work) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(nobody) != 0 || setuid(nobody) != 0))
            _exit(1);
        try {
            work();
        } catch (const std::exception& error) {
            const std::string_view said = error.what();
            if (write(ends[1], said.data(), said.size()) < 0)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    std::string said;
    char part[256];
    for (ssize_t n; (n = read(ends[0], part, sizeof part)) > 0;)
        said.append(part, static_cast<std::size_t>(n));
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    return said;
}
