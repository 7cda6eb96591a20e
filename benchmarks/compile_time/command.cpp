#include "command.hpp"

#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace compile_time {
namespace {

[[nodiscard]] double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Never returns: turns this process into the command, which writes to `output`.
[[noreturn]] void become(const std::vector<std::string>& command, int output) {
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close(output);
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
}

} // namespace

Outcome run(const std::vector<std::string>& command) {
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error{"no pipe"};
    const pid_t child = fork();
    if (child < 0)
        throw std::runtime_error{"no process"};
    if (child == 0) {
        close(ends[0]);
        become(command, ends[1]);
    }
    close(ends[1]);
    std::string output;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
        output.append(buffer, static_cast<std::size_t>(n));
    close(ends[0]);

    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::string text;
        for (const std::string& word : command)
            text += word + ' ';
        throw std::runtime_error{text + "failed:\n" + output};
    }
    return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024,
            std::move(output)};
}

} // namespace compile_time
