// Recurrent and convolutional networks of audio as streams, beside plain loops, which compute the same
// numbers; and a stream that decays to silence beside one with a signal: `<network>/silence`.
#include "streams.hpp"
#include "plain_streams.hpp"

namespace {

using namespace bench;

[[nodiscard]] float logistic(float x) {
    return 1 / (1 + std::exp(-x));
}

/// b + W x.
struct PlainDense {
    std::vector<float> w, b;

    void operator()(const float* x, int inputs, float* y) const {
        for (std::size_t o = 0; o < b.size(); ++o) {
            float sum = b[o];
            for (int i = 0; i < inputs; ++i)
                sum += w[o * static_cast<std::size_t>(inputs) + static_cast<std::size_t>(i)] * x[i];
            y[o] = sum;
        }
    }
};

/// A recurrent layer and a dense one of one output.
template <class Model, int Units, bool IsLstm>
class PlainRecurrent {
    static constexpr std::size_t H = Units, G = IsLstm ? 4 : 3;
    PlainDense input_, hidden_, output_;
    float h_[H] = {}, c_[H] = {}, of_x_[G * H] = {}, of_h_[G * H] = {};

  public:
    explicit PlainRecurrent(const Model& model)
        : input_{numbers_of(model, "0.weight_ih_l0"), numbers_of(model, "0.bias_ih_l0")},
          hidden_{numbers_of(model, "0.weight_hh_l0"), numbers_of(model, "0.bias_hh_l0")},
          output_{numbers_of(model, "1.weight"), numbers_of(model, "1.bias")} {}

    float operator()(float x) {
        input_(&x, 1, of_x_);
        hidden_(h_, Units, of_h_);
        for (std::size_t u = 0; u < H; ++u) {
            const auto sum = [&](std::size_t gate) { return of_x_[gate * H + u] + of_h_[gate * H + u]; };
            if constexpr (IsLstm) {
                c_[u] = logistic(sum(1)) * c_[u] + logistic(sum(0)) * std::tanh(sum(2));
                h_[u] = logistic(sum(3)) * std::tanh(c_[u]);
            } else {
                const float z = logistic(sum(1));
                const float n = std::tanh(of_x_[2 * H + u] + logistic(sum(0)) * of_h_[2 * H + u]);
                h_[u] = n + z * (h_[u] - n);
            }
        }
        float y = 0;
        output_(h_, Units, &y);
        return y;
    }
};

/// Two dense layers of 8 and 1.
using Small = ln::Net<ln::Dense<8>, ln::Tanh, ln::Dense<1>>;
struct PlainSmall {
    PlainDense first, second;

    explicit PlainSmall(const OnSound<Small>& model)
        : first{numbers_of(model, "0.weight"), numbers_of(model, "0.bias")},
          second{numbers_of(model, "2.weight"), numbers_of(model, "2.bias")} {}
    float operator()(float x) const {
        float hidden[8], y = 0;
        first(&x, 1, hidden);
        for (float& v : hidden)
            v = std::tanh(v);
        second(hidden, 8, &y);
        return y;
    }
};

/// A temporal convolutional network: four causal convolutions.
using Tcn = ln::Net<ln::CausalConv<8, 3, 1>, ln::Tanh, ln::CausalConv<8, 3, 2>, ln::Tanh,
                    ln::CausalConv<8, 3, 4>, ln::Tanh, ln::CausalConv<8, 3, 8>, ln::Tanh, ln::Dense<1>>;
class PlainTcn {
    std::vector<PlainConv> convs_; // and the dense layer

  public:
    explicit PlainTcn(const OnSound<Tcn>& model) {
        NumbersInOrder take{model};
        for (std::size_t k = 0; k < 4; ++k)
            convs_.emplace_back(take, 8, k == 0 ? 1 : 8, 3, std::size_t{1} << k, true);
        convs_.emplace_back(take, 1, 8, 1, 1, true);
        take.require_end();
    }
    float operator()(float x) {
        float in[8] = {x}, y = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            float out[8];
            convs_[k](in, out);
            for (std::size_t c = 0; c < 8; ++c)
                in[c] = std::tanh(out[c]);
        }
        convs_[4](in, &y);
        return y;
    }
};

/// `times`: seconds of a sound that has decayed over those of a sound. Without `FlushSubnormals` states and
/// products would be subnormal numbers.
template <class Net>
void silence(benchmark::State& state) {
    Streamed<Net> loud, silent;
    for (float& x : silent.x)
        x *= 1e-39F;
    if (!gives_the_same<Net, float(float)>(loud, nullptr))
        return state.SkipWithError("steps and blocks differ");
    const auto [sound, decayed] = by_turns(
        state, [&] { loud.one_by_one(); }, [&] { silent.one_by_one(); });
    put_step(state, "step_seconds", sound);
    put_step(state, "silent_seconds", decayed);
    put(state, "times", ratios(decayed.seconds, sound.seconds));
}

template <int Units, template <class, int, bool> class Loops, bool IsLstm, class Layer>
void add_recurrent(const std::string& name) {
    using Net = ln::Net<Layer, ln::Dense<1>>;
    benchmark::RegisterBenchmark((name + std::to_string(Units) + "/stream").c_str(),
                                 beside_loops<Net, Loops<OnSound<Net>, Units, IsLstm>>);
}
template <int... Units>
void add_grus(std::integer_sequence<int, Units...>) {
    (add_recurrent<Units, PlainRecurrent, false, ln::GRU<Units>>("gru"), ...);
}
template <int... Units>
void add_lstms(std::integer_sequence<int, Units...>) {
    (add_recurrent<Units, PlainRecurrent, true, ln::LSTM<Units>>("lstm"), ...);
}

} // namespace

int main(int count, char** arguments) {
    const ln::FlushSubnormals as_hosts_do;
    add_grus(std::integer_sequence<int, 8, 16, 32, 64>{});
    add_lstms(std::integer_sequence<int, 8, 16, 24, 40, 64>{});
    benchmark::RegisterBenchmark("dense8/stream", beside_loops<Small, PlainSmall>);
    benchmark::RegisterBenchmark("tcn/stream", beside_loops<Tcn, PlainTcn>);
    add_wavenets();
    benchmark::RegisterBenchmark("gru16/silence", silence<ln::Net<ln::GRU<16>, ln::Dense<1>>>);
    return run_all(count, arguments);
}
