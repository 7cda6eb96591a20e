// Confusion: which classes a model takes for which.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The confusion matrix: `confusion(actual, predicted)` counts the samples of a class that were predicted as
/// another. Throws `data_error` for a class that is not in [0, classes).
class Confusion {
  public:
    Confusion() = default;
    explicit Confusion(int classes)
        : classes_{classes}, counts_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes)) {}

    [[nodiscard]] int classes() const noexcept { return classes_; }
    [[nodiscard]] long long operator()(int actual, int predicted) const {
        return counts_[index(actual, predicted)];
    }
    void add(int actual, int predicted) { ++counts_[index(actual, predicted)]; }

  private:
    [[nodiscard]] std::size_t index(int actual, int predicted) const {
        if (classes_ == 0)
            raise<data_error>(
                "confusion: expected classes, found none: the data have no labels, and the loss "
                "has no classes");
        if (actual < 0 || actual >= classes_ || predicted < 0 || predicted >= classes_)
            raise<data_error>("confusion: expected two of ", classes_, " classes, counted from 0, found ",
                              actual, " and ", predicted);
        return static_cast<std::size_t>(actual) * static_cast<std::size_t>(classes_) +
               static_cast<std::size_t>(predicted);
    }
    int classes_ = 0;
    std::vector<long long> counts_;
};

namespace detail {

/// The first characters of a text in UTF-8, `most` at most, behind spaces if there are fewer.
[[nodiscard]] inline std::string column(std::string text, std::size_t most, bool at_left = false) {
    std::size_t count = 0, end = 0;
    for (; end < text.size(); ++end)
        if ((text[end] & 0xC0) != 0x80 && count++ == most) // bytes 10xxxxxx go on with a character
            break;
    text.erase(end);
    return text.insert(at_left ? end : 0, count < most ? most - count : 0, ' ');
}
/// The length of a text in characters.
[[nodiscard]] inline std::size_t characters(const std::string& text) {
    std::size_t count = 0;
    for (const char byte : text)
        count += (byte & 0xC0) != 0x80 ? 1U : 0U;
    return count;
}
/// `name_of(i)` is the name of class i.
[[nodiscard]] std::string confusion_table(const Confusion& confusion, auto name_of) {
    const int classes = confusion.classes();
    std::size_t name_width = 6, longest = 0, width = 6;
    for (int i = 0; i < classes; ++i) {
        const std::size_t length = characters(name_of(i));
        longest = length > longest ? length : longest;
        for (int j = 0; j < classes; ++j)
            if (const std::size_t digits = std::to_string(confusion(i, j)).size(); digits + 2 > width)
                width = digits + 2;
    }
    name_width = longest > name_width ? longest : name_width;
    // Columns as wide as names of up to 12 characters, while the line has no more than 100.
    const std::size_t room = name_width + 9 < 100 && classes > 0
                                 ? (100 - name_width - 9) / static_cast<std::size_t>(classes)
                                 : 0,
                      wanted = (longest < 12 ? longest : 12) + 2, most = wanted < room ? wanted : room;
    width = most > width ? most : width;
    const auto heading = [&](int i) { return column(name_of(i), width - 2); };
    bool distinct = true; // otherwise columns and rows are numbered
    for (int i = 0; i < classes; ++i)
        for (int j = 0; j < i; ++j)
            distinct = distinct && heading(i) != heading(j);
    const std::size_t number_width = distinct ? 0 : std::to_string(classes - 1).size() + 1;
    std::string text = column("", number_width + name_width) + "  predicted\n" +
                       column("actual", number_width + name_width, true);
    for (int i = 0; i < classes; ++i)
        text += column(distinct ? heading(i) : std::to_string(i), width);
    text += "    right\n";
    for (int actual = 0; actual < classes; ++actual) {
        text += column(distinct ? "" : std::to_string(actual), number_width, true) +
                column(name_of(actual), name_width, true);
        long long all = 0;
        for (int predicted = 0; predicted < classes; ++predicted) {
            const long long count = confusion(actual, predicted);
            text += column(count == 0 ? "." : std::to_string(count), width);
            all += count;
        }
        if (all > 0) {
            char share[16];
            std::snprintf(share, sizeof share, "%.1f%%",
                          100 * static_cast<double>(confusion(actual, actual)) / static_cast<double>(all));
            text += column(share, 9);
        }
        text += '\n';
    }
    return text;
}

} // namespace detail

/// A confusion matrix as a table to print: a row an actual class, a column a predicted one, and the share of
/// each class that was predicted right. Names of classes, an array or vector of strings in UTF-8, are
/// optional. Above the columns they are cut to 12 characters, or to fewer so that a line has 100; if two are
/// then the same, classes are numbered.
///
/// Errors: throws `data_error` unless there are as many names as classes.
[[nodiscard]] inline std::string to_string(const Confusion& confusion) {
    return detail::confusion_table(confusion, [](int i) { return std::to_string(i); });
}
template <class Names>
[[nodiscard]] std::string to_string(const Confusion& confusion, const Names& names) {
    const std::size_t size = std::size(names);
    if (size != static_cast<std::size_t>(confusion.classes()))
        raise<data_error>("confusion: expected names of ", confusion.classes(), " classes, found ", size);
    return detail::confusion_table(
        confusion, [&](int i) { return std::string{std::data(names)[static_cast<std::size_t>(i)]}; });
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
