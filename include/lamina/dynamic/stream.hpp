// Stream of a run-time network: along time without an end, block after block.
#pragma once

#include <lamina/dynamic/network.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/flush_subnormals.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// The same network on sequences of another number of steps, with the same numbers. Throws `shape_error` if
/// it is not on a sequence. `MyLayers` are those of one's own in it, as in `Network::with`.
template <class... MyLayers>
[[nodiscard]] Network on_steps(const Network& network, int steps) {
    if (!network.input().is_sequence)
        raise(shape_error{"on_steps: expected a network whose input is a Sequence, found " +
                          to_string(network.input())});
    TopologyText text = parse(network.topology());
    text.input = dims::sequence(steps, step_in(network.input()));
    require_shape(text.input);
    std::vector<std::string> paths;
    for (const LayerInfo& layer : network.layers())
        paths.emplace_back(std::string_view{layer.path});
    Network other{text, paths, LayerMaker<MyLayers...>{}};
    std::copy(network.numbers().begin(), network.numbers().end(), other.numbers().begin());
    return other;
}

/// A run-time network along time, as `lamina::Stream` runs a model: it gives the numbers of one long
/// sequence. A block has as many steps as the network's input, `Sequence<steps,...>`: see `on_steps`.
///
///     const dynamic::Network network = dynamic::on_steps(dynamic::load("amplifier.safetensors"), 64);
///     dynamic::Stream stream{network}; // which must outlive it
///     stream.block(x, y);
///
/// All memory is allocated by the constructor. It throws `shape_error` if the network is not on a sequence,
/// or a layer sees later steps, or is one of the user's that sees earlier ones and does not say
/// `carries_saved`.
class Stream {
  public:
    using State = Carried::State;

    explicit Stream(const Network& network)
        : network_{&network}, pass_{network.structure()}, carried_{checked(network)} {}
    explicit Stream(const Network&&) = delete;

    /// The outputs of the next steps, in the order of the network's input and output: so many whole blocks,
    /// one behind the other. Throws `data_error` if x is not whole blocks, or y has not the size of their
    /// outputs. y may be x.
    void block(std::span<const float> x, std::span<float> y) {
        const std::size_t in = network_->input().size(), out = network_->output().size(),
                          blocks = x.size() / in;
        if (x.size() != blocks * in || y.size() != blocks * out)
            raise<data_error>("stream: expected blocks of ", in, " numbers and as many results of ", out,
                              ", found ", x.size(), " and ", y.size(), " numbers");
        const FlushSubnormals scope;
        for (std::size_t b = 0; b < blocks; ++b) {
            pass_.answer(network_->structure(), network_->numbers().data(), x.data() + b * in,
                         y.data() + b * out, &carried_);
            carried_.advance(steps_in(network_->input()));
        }
    }

    /// Forgets all steps: what comes next is the first one.
    void reset() noexcept {
        std::fill(carried_.state.saved.begin(), carried_.state.saved.end(), 0.0F);
        std::fill(carried_.state.before.begin(), carried_.state.before.end(), 0.0F);
        carried_.state.steps = 0;
    }
    /// What it remembers, to be copied, and to go on from there. Throws `data_error` for a state of another
    /// network.
    [[nodiscard]] const State& state() const noexcept { return carried_.state; }
    void restore(const State& state) {
        if (state.saved.size() != carried_.state.saved.size() ||
            state.before.size() != carried_.state.before.size())
            raise<data_error>("stream: expected a state of ",
                              carried_.state.saved.size() + carried_.state.before.size(), " numbers, found ",
                              state.saved.size() + state.before.size());
        carried_.state = state;
    }

  private:
    [[nodiscard]] static const Structure& checked(const Network& network) {
        const Structure& s = network.structure();
        if (!s.input.is_sequence)
            raise(shape_error{"stream: expected a network whose input is a Sequence, found " +
                              to_string(s.input)});
        for (int e = 0; e < static_cast<int>(s.layers.size()); ++e) {
            const Layer& layer = *s.layers[as_size(e)];
            if (!layer.inputs[0].is_sequence)
                continue; // behind one that looks ahead
            s.where(e).expect(
                !layer.looks_ahead,
                "a stream knows no step before it comes: a layer that sees later ones, or all of "
                "them, cannot be in it, nor be trained on ln::data::Recordings",
                "looks_ahead");
            s.where(e).expect(
                layer.goes_on,
                "a layer that sees earlier steps goes on from them in a stream: with extents known "
                "at run time it says so by `carries_saved`",
                "carries_nothing_from_block_to_block");
        }
        return s;
    }

    const Network* network_;
    InferencePass<float> pass_;
    Carried carried_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
