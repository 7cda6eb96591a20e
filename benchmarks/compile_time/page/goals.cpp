// The heading, and the goals.
#include "sections.hpp"

#include <algorithm>
#include <cmath>

namespace compile_time {

using report::number, report::Page, report::Table;

double figure(const Page& page, const std::string& source, const std::string& compiler,
              const std::string& level, const std::string& counter) {
    std::string name = source;
    std::vector<std::string> parts;
    for (std::size_t at = 0; at != name.npos; name.erase(0, at == name.npos ? 0 : at + 1)) {
        at = name.find('/');
        parts.push_back(name.substr(0, at));
    }
    parts.insert(parts.end(), {compiler, level});
    const report::Result* found = page.of("compile_time").find(parts);
    return found == nullptr ? std::nan("") : (*found)[counter];
}

double bend(const Page& page, const std::string& series, const std::string& compiler,
            const std::string& level, const std::string& counter) {
    const auto at = [&](const char* layers) {
        return figure(page, "depth/" + series + '/' + layers, compiler, level, counter);
    };
    return (at("100") - at("50")) / 50 / ((at("50") - at("1")) / 49);
}

namespace {

/// The greatest figure of a goal, and where it was measured.
class Worst {
  public:
    void add(double value, const std::string& where) {
        if (std::isfinite(value) && !(value <= value_)) {
            value_ = value;
            where_ = where;
        }
    }
    /// A line of the table, none where nothing was measured.
    void row(Table& table, const std::string& what, double goal, int decimals) const {
        if (std::isfinite(value_))
            table.row({what, number(goal, decimals), number(value_, decimals) + " (" + where_ + ")",
                       value_ <= goal ? "reached" : "**missed**"});
    }

  private:
    double value_ = std::nan("");
    std::string where_;
};

[[nodiscard]] Worst worst_bend(const Page& page, const std::string& counter) {
    Worst worst;
    for (const std::string series : {"alike/infer", "alike/train", "different/infer", "different/train"})
        for (const char* compiler : {"g++", "clang++"})
            for (const char* level : {"O0", "O2", "O3"})
                worst.add(bend(page, series, compiler, level, counter),
                          series + ", " + compiler + " -" + level);
    return worst;
}

[[nodiscard]] Worst worst_of_dlib(const Page& page, const std::string& counter) {
    Worst worst;
    for (const char* compiler : {"g++", "clang++"})
        for (const char* level : {"O0", "O2", "O3"})
            worst.add(figure(page, "whole/Card/lamina", compiler, level, counter) /
                          figure(page, "whole/Card/dlib", compiler, level, counter),
                      std::string{compiler} + " -" + level);
    return worst;
}

} // namespace

void write_heading(Page& page, const std::string& processor, const std::string& date) {
    page.text += "<!-- Written whole by `cmake --build build/bench --target compile_time`: what is changed "
                 "here by hand "
                 "is lost. -->\n# Compile time\n\n";
    page.say("What a program costs to compile: by its headers, by its number of layers, for real "
             "networks, and beside dlib. All figures here were measured, and this page written, by "
             "`cmake --build build/bench --target compile_time`.");
    Table table{{"", "measured on"}};
    table.row({"processor", processor});
    for (const report::Result& r : page.of("compile_time").results)
        if (r.name.size() == 3 && r.name[0] == "compiler")
            table.row({r.name[1], r.name[2]});
    table.row({"load", number(page.of("compile_time").load, 1) +
                           " processes wanted to run when it started (load average)"});
    table.row({"date", date});
    page.text += table.text();
    page.say("How to read the figures:");
    page.list({"**Flags**: `-std=c++20`, the level, and no `-march`, so that vectors are those of any "
               "x86-64.",
               "**Seconds**: processor time, user and system, of compiling one source to an object, "
               "without linking. Medians of up to five runs, fewer where one takes long; all sources "
               "and compilers run in turns. Other work on the machine makes them too high: read them as "
               "ratios.",
               "**MiB**: the compiler's largest resident set.",
               "**Exact counts**: instantiations of function and class templates (from clang++'s time "
               "trace), characters of names, bytes of code and of debug information."});
}

void write_goals(Page& page) {
    page.title("Goals");
    Table table{{"goal", "at most", "the worst", ""}};
    worst_bend(page, "seconds")
        .row(table, "depth: seconds of a layer after the 50th, over one before", 1.2, 2);
    worst_bend(page, "mib").row(table, "depth: memory, the same", 1.2, 2);
    worst_bend(page, "instantiations").row(table, "depth: instantiations, the same", 1.2, 2);
    worst_bend(page, "debug").row(table, "depth: debug information, the same", 1.2, 2);
    worst_of_dlib(page, "seconds").row(table, "`card`, a whole program: seconds over dlib's", 0.25, 2);
    worst_of_dlib(page, "mib").row(table, "`card`, a whole program: memory over dlib's", 0.25, 2);
    Worst header;
    for (const char* compiler : {"g++", "clang++"})
        header.add(figure(page, "header/lamina.hpp", compiler, "O0", "seconds"), compiler);
    header.row(table, "`#include <lamina/lamina.hpp>` alone: seconds", 0.5, 2);
    page.text += table.text();
}

} // namespace compile_time
