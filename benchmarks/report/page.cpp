#include "page.hpp"

#include "ruler.hpp"

#include <lamina/error.hpp>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace report {

std::string number(double value, int decimals) {
    return std::isfinite(value) ? chart::number_text(value, decimals) : "";
}

std::string rounded(double value) {
    if (!std::isfinite(value))
        return "";
    const double size = std::abs(value);
    return number(value, size >= 99.95 || size == 0
                             ? 0
                             : std::max(0, 2 - static_cast<int>(std::floor(std::log10(size * 1.0005)))));
}

std::string share(double value) {
    return number(value, std::abs(value) < 0.095 ? 3 : 2);
}

std::string shares(const Result& result, const std::string& counter) {
    const double high = result[counter + "_p90"];
    return share(result[counter]) + (std::isfinite(high) ? " (" + share(high) + ")" : "");
}

std::string microseconds(double seconds) {
    return rounded(seconds * 1e6);
}

std::string code(const std::string& text) {
    std::string quoted{"`"};
    return quoted.append(text).append("`");
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

Notes read_notes(const std::filesystem::path& file) {
    Notes notes;
    std::ifstream stream{file};
    std::string line;
    std::string* last = nullptr;
    for (int at = 1; std::getline(stream, line); ++at) {
        if (line.empty() || line[0] == '#')
            continue;
        const std::size_t colon = line.find(": ");
        const std::size_t word = line.find_first_not_of(' ');
        if (line[0] == ' ' && last != nullptr && word != line.npos)
            *last += ' ' + line.substr(word);
        else if (line[0] != ' ' && colon != line.npos)
            last = &(notes[line.substr(0, colon)] = line.substr(colon + 2));
        else
            lamina::raise(lamina::format_error{file.filename().string() + ", line " + std::to_string(at) +
                                               ": expected <program> <benchmark>: <text>"});
    }
    return notes;
}

const Program& Page::of(const std::string& program) const {
    static const Program none;
    const auto found = programs.find(program);
    return found == programs.end() ? none : found->second;
}

void Page::title(const std::string& words) {
    text += "## " + words + "\n\n";
}

namespace {

std::string broken_into_lines(const std::string& words) {
    constexpr std::size_t columns = 120;
    std::istringstream stream{words};
    std::string text;
    std::size_t column = 0;
    for (std::string word; stream >> word; column += word.size()) {
        if (column > 0 && column + 1 + word.size() > columns) {
            text += '\n';
            column = 0;
        } else if (column > 0) {
            text += ' ';
            ++column;
        }
        text += word;
    }
    return text;
}

} // namespace

void Page::say(const std::string& words) {
    text += broken_into_lines(words) + "\n\n";
}

void Page::list(const std::vector<std::string>& items) {
    for (const std::string& item : items)
        text += broken_into_lines("- " + item) + '\n';
    text += '\n';
}

void Page::picture(const std::string& name, const std::string& alt, const std::string& svg) {
    pictures[name + ".svg"] = svg;
    text += "![" + alt + "](" + folder + '/' + name + ".svg)\n\n";
}

void Page::add_notes(const std::string& program, const std::vector<const Result*>& about) {
    for (const Result* result : about)
        if (const auto note = notes.find(program + " " + result->joined()); note != notes.end())
            say(code(result->joined()) + ": " + note->second);
}

void Page::write(const std::filesystem::path& file) const {
    const auto put = [](const std::filesystem::path& to, const std::string& what) {
        std::ofstream stream{to};
        if (!(stream << what).flush())
            throw std::runtime_error{to.filename().string() + ": cannot be written"};
    };
    const std::filesystem::path beside = file.parent_path() / folder;
    std::filesystem::create_directories(beside);
    for (const auto& [name, svg] : pictures)
        put(beside / name, svg);
    put(file, text);
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    char date[16];
    std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
    return date;
}

} // namespace report
