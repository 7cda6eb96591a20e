#include <lamina/train/fit.hpp>
#include <lamina/train/progress.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace ln = lamina;

namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// A file that f writes to, as text.
template <class F>
std::string written(F f) {
    const std::unique_ptr<std::FILE, Close> file{std::tmpfile()};
    REQUIRE(file);
    f(file.get());
    std::rewind(file.get());
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
}

} // namespace

TEST_CASE("progress: seconds as people read clocks") {
    CHECK(ln::clock_text(0) == "0:00");
    CHECK(ln::clock_text(5.4) == "0:05");
    CHECK(ln::clock_text(59.6) == "1:00");
    CHECK(ln::clock_text(65) == "1:05");
    CHECK(ln::clock_text(3599) == "59:59");
    CHECK(ln::clock_text(3600) == "1:00:00");
    CHECK(ln::clock_text(7325) == "2:02:05");
    CHECK(ln::clock_text(360'000) == "100:00:00");
}

TEST_CASE("progress: a file is no terminal") {
    (void)written([](std::FILE* file) { CHECK(!ln::is_terminal(file)); });
}

TEST_CASE("progress: a bar shows the share of the work, its speed and the loss") {
    const std::string text = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 200};
        bar.show("epoch 1/2", 50, 0.12345);
    });
    CHECK(text.find("\repoch 1/2 [") == 0);
    CHECK(std::count(text.begin(), text.end(), '=') == 8); // a quarter of 30, begun ones included
    CHECK(text.find("] ") - text.find('[') == 31);
    CHECK(text.find(" 25%") != std::string::npos);
    CHECK(text.find(" samples/s ") != std::string::npos);
    CHECK(text.find(" left  loss 0.1235 ") != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("progress: a bar is empty at first and full at last") {
    const auto bars = [](double done) {
        const std::string text = written([&](std::FILE* file) {
            ln::ProgressBar{file, true, 60}.show("", done, 0);
        });
        return std::count(text.begin(), text.end(), '=');
    };
    CHECK(bars(0) == 0);
    CHECK(bars(60) == 30);
}

TEST_CASE("progress: a bar is drawn again after a tenth of a second, not at every step") {
    const std::string text = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 1000};
        for (int i = 0; i < 1000; ++i) // far less than a second
            bar.show("x", i, 0);
    });
    CHECK(std::count(text.begin(), text.end(), '\r') < 10);
}

TEST_CASE("progress: clearing takes the bar off its line, and what was not drawn needs none") {
    const std::string drawn = written([](std::FILE* file) {
        ln::ProgressBar bar{file, true, 10};
        bar.show("x", 1, 0);
        bar.clear();
        bar.clear();
    });
    CHECK(drawn.substr(drawn.rfind('\r')) == "\r\x1b[K");
    CHECK(std::count(drawn.begin(), drawn.end(), '\r') == 2);
    CHECK(written([](std::FILE* file) { ln::ProgressBar{file, true, 10}.clear(); }).empty());
}

TEST_CASE("progress: where no bar is wanted nothing is written") {
    CHECK(written([](std::FILE* file) {
              ln::ProgressBar bar{file, false, 10};
              bar.show("x", 1, 0);
              bar.clear();
          }).empty());
}

TEST_CASE("progress: the line of an epoch is plain text, with validation where there was one") {
    ln::EpochReport r;
    r.epoch = 2;
    r.epochs = 5;
    r.loss = 0.4321;
    r.seconds = 61;
    r.samples_per_second = 98765.4;
    CHECK(ln::detail::epoch_line(r) == "epoch 2/5  loss 0.4321  98765 samples/s  1:01\n");
    r.validation.samples = 10;
    r.validation.loss = 0.5;
    CHECK(ln::detail::epoch_line(r) ==
          "epoch 2/5  loss 0.4321  validation loss 0.5000  98765 samples/s  1:01\n");
    r.validation.accuracy = 0.875;
    CHECK(ln::detail::epoch_line(r) ==
          "epoch 2/5  loss 0.4321  validation loss 0.5000  accuracy 0.8750  98765 samples/s  1:01\n");
}

TEST_CASE("progress: the line of an epoch holds losses of any size") {
    ln::EpochReport r;
    r.loss = 1e308;
    r.validation.samples = 1;
    r.validation.loss = 1e300;
    const std::string line = ln::detail::epoch_line(r);
    CHECK(line.size() > 600);
    CHECK(line.starts_with("epoch 0/0  loss 1000000"));
    CHECK(line.ends_with(".0000  0 samples/s  0:00\n"));
}
