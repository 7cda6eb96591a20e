// Progress of a run on standard error: a bar on a terminal, otherwise one line per epoch.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/ieee.hpp>

#include <cstdio>
#include <ctime>
#include <string>

#if defined(__unix__) || defined(__APPLE__)
    #include <unistd.h>
#endif

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

[[nodiscard]] inline bool is_terminal(std::FILE* file) noexcept {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(file)) != 0;
#else
    return file == nullptr;
#endif
}

/// "1:05", "2:00:00".
[[nodiscard]] inline std::string clock_text(double seconds) {
    const auto total = static_cast<long long>(seconds + 0.5);
    char text[32];
    if (total >= 3600)
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld", total / 60, total % 60);
    return text;
}

/// A loss with its significant digits: "12.3457", "0.4321", "0.01235", "3.142e-06".
[[nodiscard]] inline std::string loss_text(double loss) {
    const bool usual = (loss >= 0.1 && loss < 1e5) || (loss <= -0.1 && loss > -1e5);
    char text[32];
    std::snprintf(text, sizeof text, usual ? "%.4f" : "%#.4g", loss);
    return text;
}

/// Measures the seconds since it was made. It uses the clock of POSIX, because <chrono> alone would take a
/// quarter of the time in which all of lamina's headers compile.
class Stopwatch {
  public:
    [[nodiscard]] double seconds() const noexcept { return now() - start_; }

  private:
    [[nodiscard]] static double now() noexcept {
        std::timespec t{};
        clock_gettime(CLOCK_MONOTONIC, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }

    double start_ = now();
};

/// A progress bar for `steps` steps with `samples` samples in all.
class ProgressBar {
  public:
    ProgressBar(std::FILE* to, bool shown, double samples) noexcept
        : to_{to}, shown_{shown}, samples_{samples} {}
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// Shows `done` of all samples, with `label` before the bar. It is redrawn at most ten times a second.
    void show(const char* label, double done, double loss) {
        if (!shown_ || (drawn_ && since_drawn_.seconds() < 0.1))
            return;
        drawn_ = true;
        since_drawn_ = Stopwatch{};
        const double elapsed = since_start_.seconds();
        double share = 1;
        if (samples_ > 0)
            share = done / samples_;
        std::string bar(30, ' ');
        for (std::size_t i = 0; i < bar.size(); ++i)
            if (static_cast<double>(i) < share * static_cast<double>(bar.size()))
                bar[i] = '=';
        const std::string left = share > 0 ? clock_text(elapsed / share * (1 - share)) : "?";
        std::fprintf(to_, "\r%s [%s] %3.0f%%  %.0f samples/s  %s left  loss %s \x1b[K", label, bar.c_str(),
                     100 * share, elapsed > 0 ? done / elapsed : 0, left.c_str(), loss_text(loss).c_str());
        std::fflush(to_);
    }
    /// Removes the bar from the line, so that text can be written there.
    void clear() {
        if (drawn_)
            std::fprintf(to_, "\r\x1b[K");
        drawn_ = false;
    }

  private:
    std::FILE* to_;
    bool shown_;
    double samples_;
    bool drawn_ = false;
    Stopwatch since_start_, since_drawn_;
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
