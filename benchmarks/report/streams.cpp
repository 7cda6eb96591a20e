// Streams: a step of networks of audio, alone and in blocks.
#include "page.hpp"

#include <cmath>

namespace report {

void write_streams(Page& page) {
    page.title("Streams");
    const auto nanoseconds = [](double seconds) { return rounded(seconds * 1e9); };
    Table table{{"network", "ns a step", "ns in blocks of 16", "of 64", "of 256", "of peak, steps",
                 "of peak, blocks of 64", "plain loops / step", "plain loops / block of 64"}};
    std::vector<const Result*> all;
    std::string silence;
    for (const Result& r : page.of("streams").results) {
        if (r.name.size() == 2 && r.name[1] == "stream")
            table.row({r.name[0], nanoseconds(r["step_seconds"]), nanoseconds(r["block16_seconds"]),
                       nanoseconds(r["block64_seconds"]), nanoseconds(r["block256_seconds"]),
                       shares(r, "step_of_peak"), shares(r, "block64_of_peak"), number(r["plain_costs"], 1),
                       number(r["plain_costs_of_block64"], 1)});
        else if (std::isfinite(r["times"]))
            silence = "A step of " + code(r.name[0]) +
                      " on sound that has decayed to subnormal numbers takes " + number(r["times"], 2) +
                      " times a step on loud sound.";
        all.push_back(&r);
    }
    if (all.empty())
        return page.say("Not measured.");
    page.say(
        "`Stream` on one channel of sound: `step` for each sample, or `block` with 16, 64 or 256 of them. A "
        "`Stream<Model, 64>` computes 64 at a time; for blocks of 16 it is a `Stream<Model, 16>`. "
        "Recurrent networks end in a `Dense<1>`; `dense8` is `Dense<8>`, `Tanh`, `Dense<1>`; `tcn` has "
        "four `CausalConv<8, 3>` of dilations 1 to 8; `nam_*` are the [WaveNets of Neural Amp "
        "Modeler](examples/amp/wavenet.hpp). *Plain loops* compute one step after another with `std::tanh` "
        "and `std::exp`: sums over inputs one by one in the recurrent and dense layers, and loops over "
        "outputs, "
        "which the compiler vectorises, in `tcn` and `nam_*`. The last columns have their time over that of "
        "`step`, and of blocks of 64. The thread has flushed subnormal numbers before, as "
        "audio hosts do.");
    page.text += table.text();
    if (!silence.empty())
        page.say(silence);
    page.add_notes("streams", all);
}

} // namespace report
