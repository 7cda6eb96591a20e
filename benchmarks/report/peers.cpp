// Peers: what users would take instead, each at the batch size it likes best.
#include "bars.hpp"
#include "page.hpp"

#include <cmath>
#include <limits>

namespace report {
namespace {

const std::vector<std::string> known = {"libtorch", "onednn", "onnxruntime", "dlib"};
constexpr const char* networks[] = {"card",    "lenet5",         "mlp",         "vgg_small",
                                    "ds_cnn",  "ds_cnn_folded",  "mobilenet",   "mobilenet_folded",
                                    "resnet8", "resnet8_folded", "autoencoder", "autoencoder_folded",
                                    "lstm40"};
constexpr const char* operations[] = {"train", "infer", "one"};
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Its best batch: where it takes the fewest times lamina's time. Null if there is none.
[[nodiscard]] const Result* best(const Program& program, const std::string& network,
                                 const std::string& what) {
    const Result* best = nullptr;
    for (const Result& r : program.results)
        if (r.name.size() == 4 && r.name[0] == network && r.name[1] == what && std::isfinite(r["times"]) &&
            (best == nullptr || r["times"] < (*best)["times"]))
            best = &r;
    return best;
}

/// Of each network the peer that comes nearest to lamina.
void write_nearest(Page& page, const std::vector<std::string>& peers) {
    Table table{{"network", "training", "64 samples", "one sample"}};
    for (const char* network : networks) {
        std::vector<std::string> row{network};
        bool any = false;
        for (const char* what : operations) {
            const Result* nearest = nullptr;
            std::string name;
            for (const std::string& peer : peers)
                if (const Result* r = best(page.of("peer_" + peer), network, what);
                    r != nullptr && (nearest == nullptr || (*r)["times"] < (*nearest)["times"])) {
                    nearest = r;
                    name = peer;
                }
            any = any || nearest != nullptr;
            row.push_back(nearest == nullptr ? "" : rounded((*nearest)["times"]) + " " + name);
        }
        if (any)
            table.row(row);
    }
    page.say("The time of the nearest peer over lamina's:");
    page.text += table.text();
}

} // namespace

void write_peers(Page& page) {
    page.title("Peers");
    std::vector<std::string> found, missing;
    for (const std::string& peer : known)
        (page.of("peer_" + peer).results.empty() ? missing : found).push_back(peer);
    for (const auto& [program, results] : page.programs)
        if (const std::string peer = program.starts_with("peer_") ? program.substr(5) : "";
            !peer.empty() && !results.results.empty() &&
            std::find(known.begin(), known.end(), peer) == known.end())
            found.push_back(peer);
    if (!missing.empty())
        page.say("Not found on this machine, so not measured: " + listed(missing) + ".");
    if (found.empty())
        return;

    write_nearest(page, found);
    page.say(
        "How long lamina and libtorch train until a network reaches a given accuracy is on a page of its "
        "own: [time to accuracy](time_to_accuracy.md).");
    page.say("In detail: *times* is a peer's time a sample over lamina's. Above 1, lamina is faster. lamina "
             "takes batches of 64, the peer whichever of the batches tried suits it best; `one` is a "
             "single sample for both, lamina's by `Prepared`. `lstm40` is `LSTM<40>`, `Dense<1>` on 16 "
             "sequences of 2,048 steps at a "
             "time. One thread each. Rows that are missing were not measured.");
    for (const std::string& peer : found)
        if (const std::string& blas = page.of("peer_" + peer).blas; blas.starts_with("OpenBLAS "))
            page.say(peer + " multiplies matrices with OpenBLAS and its kernels for " + code(blas.substr(9)) +
                     ": the fastest that this processor can execute and that give right results.");
        else if (!blas.empty())
            page.say(peer + " multiplies matrices with a BLAS that is not OpenBLAS: Debian's "
                            "`libopenblas0-pthread` would make it faster.");
    chart::Bars bars{.title = "Times lamina's time a sample",
                     .note = "each peer at its best batch; right of 1, lamina is ahead",
                     .x = {.label = "peer's seconds over lamina's", .scale = chart::Scale::logarithmic},
                     .from = 1,
                     .decimals = 1,
                     .series = found};
    Table table{{"network", "peer", "times", "batch", "peer, of peak", "lamina, of peak"}};
    std::vector<std::string> behind;
    for (const char* network : networks)
        for (const char* what : operations) {
            const std::string name = std::string{network} + "/" + what;
            chart::BarGroup group{name, {}};
            bool any = false;
            for (const std::string& peer : found) {
                const Result* r = best(page.of("peer_" + peer), network, what);
                group.values.push_back(r != nullptr ? (*r)["times"] : none);
                if (r == nullptr)
                    continue;
                any = true;
                table.row({name, peer, rounded((*r)["times"]), number((*r)["batch"], 0),
                           shares(*r, "peer_of_peak"), shares(*r, "lamina_of_peak")});
                if ((*r)["times"] <= 1.05)
                    behind.push_back(peer + " in " + code(name) + " (" + number((*r)["times"], 2) + ")");
            }
            if (any)
                bars.groups.push_back(group);
        }
    page.picture("peers", "Peers' seconds a sample over lamina's", chart::svg(bars));
    page.text += table.text();
    page.say(behind.empty() ? "No peer ties or wins anywhere here."
                            : "A peer ties within 5% or wins: " + listed(behind) + ".");
}

} // namespace report
