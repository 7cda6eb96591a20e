// The page: its text, its pictures, and what its sections are made of.
#pragma once

#include "results.hpp"

#include <map>
#include <string>
#include <vector>

namespace report {

/// A table in Markdown. The first column is text, the others are numbers.
class Table {
  public:
    explicit Table(std::vector<std::string> head) : columns_{head.size()} {
        row(std::move(head));
        text_ += "|---|";
        for (std::size_t i = 1; i < columns_; ++i)
            text_ += "--:|";
        text_ += '\n';
    }
    void row(std::vector<std::string> cells) {
        cells.resize(columns_);
        for (const std::string& cell : cells)
            text_ += "| " + cell + (cell.empty() ? "" : " ");
        text_ += "|\n";
    }
    [[nodiscard]] std::string text() const { return text_ + "\n"; }

  private:
    std::size_t columns_;
    std::string text_;
};

/// A number with so many decimals; "" for one that is not finite.
[[nodiscard]] std::string number(double value, int decimals);
/// A number with three significant digits.
[[nodiscard]] std::string rounded(double value);
/// A share of one: two decimals, or two digits of a small one.
[[nodiscard]] std::string share(double value);
/// A counter that is such a share, median and, in brackets, ninth decile.
[[nodiscard]] std::string shares(const Result& result, const std::string& counter);
/// Seconds as microseconds.
[[nodiscard]] std::string microseconds(double seconds);
/// As Markdown shows code.
[[nodiscard]] std::string code(const std::string& text);
/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& words);

/// What people have written about figures, by the program and name of the benchmark.
using Notes = std::map<std::string, std::string>;

/// Lines `<program> <benchmark>: <text>`, where a line that starts with a space goes on with the text before
/// it and one that starts with # is a comment. Throws `lamina::format_error` for a line that is neither.
[[nodiscard]] Notes read_notes(const std::filesystem::path& file);

struct Page {
    std::map<std::string, Program> programs;
    std::map<std::string, long> sizes; ///< bytes of code, by program
    Notes notes;

    std::string folder = "benchmarks"; ///< of the pictures, beside the page
    std::string text = {};
    std::map<std::string, std::string> pictures = {}; ///< SVG by file name

    /// The results of a program; none if it did not run.
    [[nodiscard]] const Program& of(const std::string& program) const;
    void title(const std::string& words);
    /// A paragraph, broken into lines.
    void say(const std::string& words);
    /// A list of such paragraphs.
    void list(const std::vector<std::string>& items);
    void picture(const std::string& name, const std::string& alt, const std::string& svg);
    /// The notes on these benchmarks of a program.
    void add_notes(const std::string& program, const std::vector<const Result*>& about);
    /// Writes the text, and the pictures into their folder. Throws `std::runtime_error`.
    void write(const std::filesystem::path& file) const;
};

/// As pages say when they were written: 2020-01-02.
[[nodiscard]] std::string today();

/// The sections, each of which writes nothing but its title and a line where its figures are missing.
void write_peers(Page& page);
void write_networks(Page& page);
void write_widths(Page& page);
void write_shapes(Page& page);
void write_profile(Page& page);
void write_stream(Page& page);
void write_streams(Page& page);
void write_threads(Page& page);
void write_sizes(Page& page);
/// The last one: which benchmarks failed their own checks, and how much figures varied.
void write_trust(Page& page);

} // namespace report
