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

/// `text` in a column that wide, at its right or left end.
[[nodiscard]] inline std::string column(const std::string& text, std::size_t width, bool at_left = false) {
    const std::string space(text.size() < width ? width - text.size() : 0, ' ');
    return at_left ? text + space : space + text;
}
/// `name_of(i)` is the name of class i.
[[nodiscard]] std::string confusion_table(const Confusion& confusion, auto name_of) {
    std::size_t name_width = 6, width = 6;
    for (int i = 0; i < confusion.classes(); ++i) {
        const std::size_t length = name_of(i).size();
        name_width = length > name_width ? length : name_width;
        for (int j = 0; j < confusion.classes(); ++j)
            if (const std::size_t digits = std::to_string(confusion(i, j)).size(); digits + 2 > width)
                width = digits + 2;
    }
    std::string text = column("", name_width) + "  predicted\n" + column("actual", name_width, true);
    for (int i = 0; i < confusion.classes(); ++i)
        text += column(name_of(i).substr(0, width - 2), width);
    text += column("right\n", 10);
    for (int actual = 0; actual < confusion.classes(); ++actual) {
        text += column(name_of(actual), name_width, true);
        long long all = 0;
        for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
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
/// each class that was predicted right. Names of classes, an array or vector of strings, are optional; in the
/// columns they are cut.
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
