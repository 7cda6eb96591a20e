// Whether a folder holds the reference files that are committed, but for rounding: relative to the largest
// number of a record, or, of records that are zero but for rounding, such as the gradient of a bias before a
// batch norm, to those that cancel out there.
//
//     oracle_agree <folder>
#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace {

constexpr double tolerance = 1e-9; // sums of double numbers in another order, also over twenty training steps
constexpr double zero = 1e-14;     // sums of such numbers, of about 1, that cancel out

using Records = std::map<std::string, oracle::Reference>;

bool agree(const oracle::Reference& a, const oracle::Reference& b) {
    if (a.shape != b.shape)
        return false;
    double largest = 0;
    for (const double value : a.values)
        largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < a.values.size(); ++i)
        if (!(std::abs(a.values[i] - b.values[i]) <= tolerance * largest + zero))
            return false;
    return true;
}

bool agree(const std::string& group, const Records& a, const Records& b) {
    bool all = !a.empty() && a.size() == b.size();
    if (!all)
        std::fprintf(stderr, "%s: expected %zu records, found %zu\n", group.c_str(), a.size(), b.size());
    for (const auto& [name, record] : a)
        if (const auto other = b.find(name); other == b.end() || !agree(record, other->second)) {
            std::fprintf(stderr, "%s: the records of '%s' differ\n", group.c_str(), name.c_str());
            all = false;
        }
    return all;
}

} // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::fprintf(stderr, "usage: oracle_agree <folder>\n");
        return 2;
    }
    bool all = true;
    for (const std::string group :
         {"layers", "recurrent", "answers", "branches", "losses", "optimizers", "outputs", "training"})
        all = agree(group, oracle::References{group}.records(),
                    oracle::References{group, arguments[1]}.records()) &&
              all;
    return all ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "oracle_agree: %s\n", error.what());
    return 1;
}
