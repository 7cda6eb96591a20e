// Training of a `dynamic::Network` by `Trainer`, `fit` and `evaluate`: the memory of the steps, on the heap,
// and the checks that types make of a `Model`.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/dynamic/inference_pass.hpp>
#include <lamina/dynamic/network.hpp>
#include <lamina/dynamic/optimizer_state.hpp>
#include <lamina/dynamic/training_pass.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/evaluation_memory.hpp>
#include <lamina/train/flat_array.hpp>
#include <lamina/train/last_good.hpp>
#include <lamina/train/team.hpp>
#include <lamina/train/trainer.hpp>
#include <lamina/train/training_data.hpp>
#include <lamina/train/training_memory.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace dynamic {

/// A tensor of packs.
class Packs {
  public:
    Packs() = default;
    explicit Packs(const dims& shape) : layout_{shape}, packs_(layout_.extent()) {}

    [[nodiscard]] bool empty() const noexcept { return packs_.empty(); }
    [[nodiscard]] View<pack<float>> view() noexcept { return {packs_.data(), layout_}; }

  private:
    lamina::Layout<AnyShape> layout_;
    std::vector<pack<float>> packs_;
};

/// A pass over a pack of samples for inference, which knows its network.
class BatchWorkspace {
  public:
    BatchWorkspace() = default;
    explicit BatchWorkspace(const Network& network) : network_{&network}, pass_{network.structure()} {}

    [[nodiscard]] View<pack<float>> input() noexcept { return pass_.input(); }
    [[nodiscard]] View<pack<float>> output() noexcept { return pass_.output(network_->structure()); }
    void forward(const float* numbers) noexcept { pass_.forward(network_->structure(), numbers); }

  private:
    const Network* network_ = nullptr;
    InferencePass<pack<float>> pass_;
};

/// Throws `shape_error` unless the loss goes with one of the network's outputs.
template <class L>
void require_loss_fits_head(const Network& network, int head, const std::string& who) {
    if constexpr (requires(std::string_view name) { L::describe_fault(dims{}, name); }) {
        const dims& shape = network.heads()[as_size(head)].shape;
        const std::string_view last = network.last_layer(head).name;
        if (const std::string_view what = L::describe_fault(shape, last); !what.empty())
            raise(shape_error{who + ": the loss does not go with outputs of " + to_string(shape) +
                              ", which " + std::string{last} + " computes: " + std::string{what}});
    }
}
/// Throws `shape_error` unless a trainer with this loss can train the network, or `evaluate` use it.
template <class L>
void require_loss_fits(const Network& network, [[maybe_unused]] const L& loss, const std::string& who) {
    const std::size_t heads = network.heads().size();
    if constexpr (is_losses<L>) {
        int head = 0;
        loss.for_each([&]<class Own>(const Own&) {
            if (as_size(head) < heads)
                require_loss_fits_head<Own>(network, head, who + ", head " + std::to_string(head));
            ++head;
        });
        if (as_size(head) != heads)
            raise(shape_error{who + ": expected Losses of a loss for each of " + std::to_string(heads) +
                              " outputs, in their order, found " + std::to_string(head)});
    } else {
        if (heads > 1)
            raise(shape_error{who + ": a network with " + std::to_string(heads) +
                              " outputs needs a loss for each of them, in their order: "
                              "ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}"});
        require_loss_fits_head<L>(network, 0, who);
    }
}
/// The first head whose loss has classes.
template <class L>
[[nodiscard]] HeadOfClasses first_of_classes(const Network& network, const L& losses) noexcept {
    HeadOfClasses found;
    int head = 0;
    losses.for_each([&]<class Own>(const Own&) {
        const dims& shape = network.heads()[as_size(head)].shape;
        const int classes = lamina::detail::classes_of<Own>(answer_size(shape));
        if (found.classes == 0 && classes > 0)
            found = {head, classes, answer_count(shape)};
        ++head;
    });
    return found;
}
template <class L>
void require_trainable(const Network& network, const L& loss) {
    if (network.parameter_extent() == 0)
        raise(shape_error{"network_has_nothing_to_learn: a Trainer needs a layer with weights"});
    require_loss_fits(network, loss, "Trainer");
}

/// Throws `data_error` unless the data and their labels fit the network and the loss.
template <class L, class Data>
void require_fit(const Network& network, const L& /*loss*/, const Data& data) {
    if constexpr (requires { data.require_shapes(network.input(), network.output()); })
        data.require_shapes(network.input(), network.output());
    if (Labelled<Data> && network.heads().size() > 1)
        raise<data_error>("a label is the target of one output: for a network with ", network.heads().size(),
                          " outputs, the data have targets, those of all outputs one behind the other");
    if (!labels_fit<Data>(network.output()))
        raise<data_error>(
            "a network that ends in a sequence answers at each step: the labels of a sample are a "
            "std::array<int, Steps>, or end the network with Last. Other networks have one label "
            "for a sample. The output is ",
            to_text(network.output()).characters);
    if (Labelled<Data> && answer_size(network.output()) == 1 && lamina::detail::classes_of<L>(1) != 2)
        raise<data_error>("labels 0 and 1 for one output need a loss of one logit: "
                          "ln::BinaryCrossEntropy{}");
}

} // namespace dynamic

/// Known at run time. A trainer fills the list.
template <>
inline constexpr int tensor_count<dynamic::Network> = -1;
template <>
struct TensorList<-1> {
    std::vector<ParameterTensor> all;
};
template <>
inline const TensorList<-1> parameter_tensors<dynamic::Network>{};

template <>
struct SavedNumbers<dynamic::Network> {
    std::vector<float> numbers;

    void save(const dynamic::Network& network) {
        numbers.assign(network.numbers().begin(), network.numbers().end());
    }
    void restore(dynamic::Network& network) const noexcept {
        std::copy(numbers.begin(), numbers.end(), network.numbers().begin());
    }
};

template <>
struct TurnsOf<dynamic::Network> : Turns<std::vector<int>> {
    void make_room(const dynamic::Network& network) { next_.resize(network.layers().size() + 1); }
};

template <>
struct PackMemory<dynamic::Network> {
    dynamic::TrainingPass pass;
    dynamic::Packs targets;

    explicit PackMemory(const dynamic::Network& network)
        : pass{network.training_pass()}, targets{network.output()} {}
};
/// Of a thread: made when the network is known, unless the memory of all packs is elsewhere.
struct MemoryOfThread {
    std::unique_ptr<PackMemory<dynamic::Network>> own;

    void make_room(const dynamic::Network& network) {
        if (network.needs_whole_batch())
            return;
        if (own == nullptr)
            own = std::make_unique<PackMemory<dynamic::Network>>(network);
        own->pass.prepare(network.numbers().data());
    }
    [[nodiscard]] operator PackMemory<dynamic::Network>&() noexcept { return *own; }
};

/// The batch may be of any size.
template <Optimizer<float> O, int Batch>
struct TrainingMemory<dynamic::Network, O, Batch> {
    ThreadMemory<dynamic::Network> pack_memory;
    std::vector<PackMemory<dynamic::Network>> of_batch; ///< of a network that needs the whole batch
    std::vector<float> losses;                          ///< of its packs
    std::vector<float> kept;
    dynamic::AlignedNumbers gradients;
    dynamic::OptimizerState<O> state;

    [[nodiscard]] auto* of_thread() noexcept { return &pack_memory; }
    void make_room(const dynamic::Network& network) {
        const auto extent = static_cast<std::size_t>(network.parameter_extent());
        gradients = dynamic::AlignedNumbers{extent};
        kept.resize(static_cast<std::size_t>(network.extent()) - extent);
        state.make_room(network.tensors(), network.parameter_extent());
        pack_memory.make_room(network);
        if (network.needs_whole_batch())
            make_room(network, 1);
    }
    void make_room(const dynamic::Network& network, int packs) {
        while (of_batch.size() < static_cast<std::size_t>(packs))
            of_batch.emplace_back(network);
        losses.resize(of_batch.size());
    }
};

namespace detail {

template <>
struct EvaluationMemory<dynamic::Network> {
    dynamic::BatchWorkspace pass;
    dynamic::Packs targets, unused;

    void make_room(const dynamic::Network& network) {
        pass = dynamic::BatchWorkspace{network};
        targets = unused = dynamic::Packs{network.output()};
    }
};

} // namespace detail

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
