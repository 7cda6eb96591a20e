#include "sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace compile_time {
namespace {

[[nodiscard]] Source header(const std::string& name, const std::vector<std::string>& included) {
    Source source{"header/" + name, "/dev/null", {"-x", "c++"}, {"O0"}};
    for (const std::string& file : included)
        source.arguments.insert(source.arguments.end(), {"-include", file});
    return source;
}

/// The headers of others that lamina's header `file` includes, itself or by those it includes.
void add_others(const std::filesystem::path& folder, const std::string& file, std::set<std::string>& seen,
                std::vector<std::string>& others) {
    std::ifstream stream{folder / file};
    if (!stream)
        throw std::runtime_error{(folder / file).string() + ": expected a header, found none"};
    for (std::string line; std::getline(stream, line);) {
        if (!line.starts_with("#include <"))
            continue;
        const std::string name = line.substr(10, line.find('>') - 10);
        if (!seen.insert(name).second)
            continue;
        if (name.starts_with("lamina/"))
            add_others(folder, name, seen, others);
        else
            others.push_back(name);
    }
}
[[nodiscard]] std::vector<std::string> others_of(const std::string& root, const std::string& file) {
    std::set<std::string> seen;
    std::vector<std::string> others;
    add_others(root + "/include", file, seen, others);
    return others;
}

/// The whole curve without optimisation; with it, where it is slow, what says whether the curve is straight.
[[nodiscard]] std::vector<Source> deep(const std::string& file, bool alike, bool trains) {
    const std::string name =
        std::string{"depth/"} + (alike ? "alike/" : "different/") + (trains ? "train/" : "infer/");
    std::vector<Source> all;
    for (const std::string depth : {"1", "2", "5", "10", "25", "50", "75", "100"}) {
        Source source{name + depth, file, {"-DDEPTH=" + depth}, {"O0"}};
        if (!alike)
            source.arguments.push_back("-DDIFFERENT");
        if (trains)
            source.arguments.push_back("-DTRAINING");
        if (depth == "1" || depth == "50" || depth == "100")
            source.levels = alike    ? std::vector<std::string>{"O0", "O2", "O3"}
                            : trains ? std::vector<std::string>{"O0", "O2"}
                                     : source.levels;
        all.push_back(std::move(source));
    }
    return all;
}

} // namespace

std::vector<Source> all_sources(const std::string& root) {
    const std::string folder = root + "/benchmarks/compile_time/", program = folder + "program.cpp";
    std::vector<Source> all{header("nothing", {}),
                            header("lamina.hpp", {"lamina/lamina.hpp"}),
                            header("core.hpp", {"lamina/core.hpp"}),
                            header("fwd.hpp", {"lamina/fwd.hpp"}),
                            header("others in lamina.hpp", others_of(root, "lamina/lamina.hpp")),
                            header("others in core.hpp", others_of(root, "lamina/core.hpp")),
                            header("string and vector", {"string", "vector"}),
                            header("algorithm", {"algorithm"}),
                            header("ranges", {"ranges"}),
                            header("hana.hpp", {"boost/hana.hpp"})};
    for (const char* network : {"Card", "Lenet5", "Mlp", "VggSmall"}) {
        const std::string model = std::string{"-DNETWORK="} + network + "Model";
        all.push_back({std::string{"network/"} + network + "/infer", program, {model}});
        all.push_back({std::string{"network/"} + network + "/train", program, {model, "-DTRAINING"}});
    }
    all.push_back(
        {"native/Card/train", program, {"-DNETWORK=CardModel", "-DTRAINING", "-march=native"}, {"O3"}});
    for (const bool alike : {true, false})
        for (const bool trains : {false, true})
            std::ranges::move(deep(program, alike, trains), std::back_inserter(all));
    for (const std::string blocks : {"10", "50"})
        all.push_back(
            {"residual/repeated/train/" + blocks, program, {"-DBLOCKS=" + blocks, "-DTRAINING"}, {"O0"}});
    all.push_back({"residual/listed/train/50", program, {"-DBLOCKS=50", "-DLISTED", "-DTRAINING"}, {"O0"}});
    for (const char* network : {"Card", "VggSmall"}) {
        const std::string name = std::string{"whole/"} + network;
        all.push_back({name + "/lamina",
                       folder + "whole.cpp",
                       {std::string{"-DNETWORK="} + network + "Model"},
                       {"O0", "O2"}});
#if __has_include(<dlib/dnn.h>)
        all.push_back(
            {name + "/dlib", folder + "dlib.cpp", {std::string{"-DNETWORK="} + network}, {"O0", "O2"}});
#endif
    }
    return all;
}

std::vector<Source> gated_sources(const std::string& root) {
    const std::set<std::string> gated{
        "network/Card/infer",         "network/Card/train",         "network/VggSmall/train",
        "depth/alike/train/100",      "depth/different/train/50",   "whole/Card/lamina",
        "residual/repeated/train/10", "residual/repeated/train/50", "residual/listed/train/50"};
    std::vector<Source> all = all_sources(root);
    std::erase_if(all, [&gated](const Source& source) { return !gated.contains(source.name); });
    return all;
}

} // namespace compile_time
