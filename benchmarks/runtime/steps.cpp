// The networks: static model, run-time twin and plain loops (see versus.hpp); and one sample of those
// whose weights are read once against reading as many bytes: `<network>/stream`.
#include "steps.hpp"
#include "networks.hpp"
#include "versus.hpp"

namespace {

using namespace bench;

/// `of_streaming`: seconds of summing all parameters, over those of one sample's forward pass.
template <class Model>
void stream(benchmark::State& state) {
    using P = ln::pack<float>;
    constexpr int chains = 8; // side by side, to hide the latency of an addition
    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto workspace = std::make_unique<typename Model::Workspace>();
    const auto x = std::make_unique<typename Model::Input>();
    fill(x->view(), 2);
    typename Model::Output y;
    float total = 0;
    const auto [forward, streaming] = by_turns(
        state,
        [&] {
            benchmark::DoNotOptimize(x.get());
            y = model->forward(*x, *workspace);
            benchmark::ClobberMemory();
        },
        [&] {
            const float* p = model->parameters().data();
            benchmark::DoNotOptimize(p);
            P sum[chains] = {0.F, 0.F, 0.F, 0.F, 0.F, 0.F, 0.F, 0.F};
            int i = 0;
            for (; i + chains * P::lanes <= Model::parameter_extent; i += chains * P::lanes)
#pragma GCC unroll 8
                for (int k = 0; k < chains; ++k)
                    sum[k] += P::load(p + i + k * P::lanes);
            for (; i + P::lanes <= Model::parameter_extent; i += P::lanes)
                sum[0] += P::load(p + i);
            total = ln::lane_sum(sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7]);
            benchmark::ClobberMemory();
        });
    if (!computed(y.view()) || total == 0)
        state.SkipWithError("nothing was computed");
    put(state, "of_streaming", ratios(streaming.seconds, forward.seconds));
    put(state, "seconds", forward.seconds);
    state.counters["bytes_per_second"] =
        static_cast<double>(Model::parameter_bytes) / median(forward.seconds);
}

template <class Model>
void add_network(const std::string& name) {
    add(name + "/train", train<Model>);
    add(name + "/infer", infer<Model>);
    add(name + "/one", one<Model>);
    add(name + "/backward", backward<Model>);
}

} // namespace

int main(int count, char** arguments) {
    add_network<CardModel>("card");
    add_network<Lenet5Model>("lenet5");
    add_network<MlpModel>("mlp");
    add_network<VggSmallModel>("vgg_small");
    add("vgg_small/prepared", prepared<VggSmallModel>);
    add("card/stream", stream<CardModel>);
    add("mlp/stream", stream<MlpModel>);
    add_tiny();
    return run_all(count, arguments);
}
