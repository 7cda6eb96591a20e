// Samples: inputs with their labels or targets, in the caller's memory.
#pragma once

#include <lamina/data/labels.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// A vector, array or span, const or not: a list with its elements side by side in memory.
template <class List>
concept IsList = requires(List& list) {
    *std::data(list);
    std::size(list);
};
template <IsList List>
using ElementOf = std::remove_cvref_t<decltype(*std::data(std::declval<List&>()))>;
template <class List, class Element>
concept IsListOf = IsList<List> && std::is_same_v<ElementOf<List>, Element>;
/// A temporary list, as a parameter `List&&` receives it. A temporary span is allowed, because its elements
/// are elsewhere.
template <class List>
concept IsTemporary = IsList<List> && !std::is_lvalue_reference_v<List> &&
                      !std::ranges::enable_borrowed_range<std::remove_cvref_t<List>>;

/// Inputs, each with a label or a target: labels are integers of any type, targets are tensors of the
/// output's shape. They stay in vectors, arrays or spans of yours.
///
/// Labels count classes from 0. Their loss is `SoftmaxCrossEntropy`, or, for a network with one output,
/// `BinaryCrossEntropy`, with labels 0 and 1. Of a network that answers at each step of a sequence, the
/// labels of a sample are a `std::array<int, Steps>`, of any type of integers.
///
/// Samples own nothing and do not allocate; the lists must outlive them.
///
/// Errors: a temporary list, or a list of anything else, does not compile. Throws `data_error` unless there
/// are as many labels or targets as inputs. Training and `evaluate` check the labels.
///
/// PyTorch: `torch.utils.data.TensorDataset`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;
///     std::vector<Model::Input> inputs(100);
///     std::vector<int> labels(100); // or: std::vector<Model::Output> targets(100);
///     const ln::data::Samples data{inputs, labels};
template <class T, class In, class Target>
class Samples;

/// Whether samples of shape `Own` fit views of shape `S`, as far as types tell.
template <class S, class Own>
concept FitsShape = std::is_same_v<S, Own> || std::is_same_v<S, AnyShape>;

/// The inputs of Samples.
template <class T, class In>
class SampleInputs {
  public:
    [[nodiscard]] constexpr std::size_t size() const noexcept { return inputs_.size(); }
    /// Input i. Throws `std::out_of_range` unless i is below `size()`; compiled with NDEBUG it does not
    /// check.
    [[nodiscard, gnu::always_inline]] constexpr const Tensor<T, In>& input(std::size_t i) const
        noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(size()));
        return inputs_[i];
    }
    /// Writes input `indices[r]` into lane r of x.
    template <class S, pad Halo>
        requires FitsShape<S, In>
    void inputs(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                View<pack<T>, S, Halo> x) const noexcept {
        lanes(inputs_, indices, x);
    }

  protected:
    constexpr SampleInputs() noexcept = default;
    constexpr explicit SampleInputs(std::span<const Tensor<T, In>> inputs) noexcept : inputs_{inputs} {}

    static void lanes(auto tensors, const auto& indices, auto to) noexcept {
        const T* rows[static_cast<std::size_t>(native_lanes<T>)];
        for (int r = 0; r < native_lanes<T>; ++r)
            rows[r] = tensors[indices[r]].data();
        kernels::load_lanes(rows, to, [](auto v) { return pack<T>{v}; });
    }
    template <class X, class Y>
    static constexpr void require_variables() noexcept {
        if constexpr (IsTemporary<X> || IsTemporary<Y>)
            static_assert(sizeof(typename problem::samples<X, Y>::would_outlive_a_temporary) > 0);
    }

  private:
    std::span<const Tensor<T, In>> inputs_;
};

/// Samples with targets: `Samples<float, Model::input_shape, Model::output_shape>`.
template <class T, class In, class Out>
class Samples : public SampleInputs<T, In> {
  public:
    constexpr Samples(std::span<const Tensor<T, In>> inputs, std::span<const Tensor<T, Out>> targets)
        : SampleInputs<T, In>{inputs}, targets_{targets} {
        if (inputs.size() != targets.size())
            raise<data_error>("samples: expected a target for each of ", inputs.size(), " inputs, found ",
                              targets.size(), " targets");
    }
    template <IsListOf<Tensor<T, In>> X, IsListOf<Tensor<T, Out>> Y>
    constexpr Samples(X&& inputs, Y&& targets)
        : Samples(std::span<const Tensor<T, In>>{inputs}, std::span<const Tensor<T, Out>>{targets}) {
        this->template require_variables<X, Y>();
    }
    /// Of targets that are outputs of a model whose problem was reported (see `Broken`).
    template <class Targets>
        requires requires {
            typename ElementOf<Targets>::broken;
        }
    constexpr Samples(const auto&, const Targets&) noexcept {}

    /// Target i, checked as an input is.
    [[nodiscard, gnu::always_inline]] constexpr const Tensor<T, Out>& target(std::size_t i) const
        noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(this->size()));
        return targets_[i];
    }
    template <class S>
        requires FitsShape<S, Out>
    void targets(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                 View<pack<T>, S> t) const noexcept {
        this->lanes(targets_, indices, t);
    }
    /// Throws `data_error` unless a `dynamic::Network` with these shapes of input and output fits.
    void require_shapes(const dims& input, const dims& output) const {
        if (!(In::extents == input) || !(Out::extents == output))
            raise<data_error>("samples: the network expects inputs of ", to_text(input).characters,
                              " and targets of ", to_text(output).characters, ", found ",
                              to_text(In::extents).characters, " and ", to_text(Out::extents).characters);
    }

  private:
    std::span<const Tensor<T, Out>> targets_;
};

/// Samples with labels: `Samples<float, Model::input_shape, int>`, or, with a label for each step,
/// `Samples<float, Model::input_shape, std::array<int, Steps>>`.
template <class T, class In, IsLabel Label>
class Samples<T, In, Label> : public SampleInputs<T, In> {
  public:
    constexpr Samples(std::span<const Tensor<T, In>> inputs, std::span<const Label> labels)
        : SampleInputs<T, In>{inputs}, labels_{labels} {
        if (inputs.size() != labels.size())
            raise<data_error>("samples: expected a label for each of ", inputs.size(), " inputs, found ",
                              labels.size(), " labels");
    }
    template <IsListOf<Tensor<T, In>> X, IsListOf<Label> Y>
    constexpr Samples(X&& inputs, Y&& labels)
        : Samples(std::span<const Tensor<T, In>>{inputs}, std::span<const Label>{labels}) {
        this->template require_variables<X, Y>();
    }

    /// Label i, checked as an input is.
    [[nodiscard, gnu::always_inline]] constexpr const Label& label(std::size_t i) const
        noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(this->size()));
        return labels_[i];
    }
    /// Writes the labels as targets: see `write_labels`.
    template <class Out>
    void targets(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                 View<pack<T>, Out> t) const noexcept {
        write_labels<T>(t, [&](int r) -> const Label& { return labels_[indices[r]]; });
    }
    /// Throws `data_error` unless a `dynamic::Network` with this shape of its input fits.
    void require_shapes(const dims& input, const dims& /*output*/) const {
        if (!(In::extents == input))
            raise<data_error>("samples: the network expects inputs of ", to_text(input).characters,
                              ", found ", to_text(In::extents).characters);
    }

  private:
    std::span<const Label> labels_;
};

/// Takes the place of Samples of other types, so that the problem is the only error.
template <class Problem>
class Samples<fault<Problem>, none, none> : problem::report<Problem> {
  public:
    using broken = void;
    constexpr Samples(auto&&...) noexcept {}
    [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
    [[nodiscard]] static constexpr int label(std::size_t) noexcept { return 0; }
};

/// The template arguments of `Samples` made of lists of such elements.
template <class Input, class Target>
struct SamplesOf {};
template <class X, class In, IsLabel Label>
struct SamplesOf<Tensor<X, In>, Label> {
    using T = X;
    using Input = In;
    using Target = Label;
};
template <class X, class In, class Out>
struct SamplesOf<Tensor<X, In>, Tensor<X, Out>> {
    using T = X;
    using Input = In;
    using Target = Out;
};
template <class X, class In, class Output>
    requires requires {
        typename Output::broken;
    }
struct SamplesOf<Tensor<X, In>, Output> {
    using T = X;
    using Input = In;
    using Target = typename Output::shape;
};
template <class X, class Y>
concept MakeSamples = IsList<X> && IsList<Y> && !IsTemporary<X> && !IsTemporary<Y> && requires {
    typename SamplesOf<ElementOf<X>, ElementOf<Y>>::T;
};

template <class X, class Y>
    requires MakeSamples<X, Y> Samples(X&&, Y&&)
->Samples<typename SamplesOf<ElementOf<X>, ElementOf<Y>>::T,
          typename SamplesOf<ElementOf<X>, ElementOf<Y>>::Input,
          typename SamplesOf<ElementOf<X>, ElementOf<Y>>::Target>;
// These say what is wrong.
template <class X, class Y>
    requires(IsTemporary<X> || IsTemporary<Y>)
Samples(X&&, Y&&)
->Samples<fault<typename problem::samples<X, Y>::would_outlive_a_temporary>, none, none>;
template <class... Lists>
Samples(Lists&&...) -> Samples<fault<typename problem::samples<Lists...>::are_not_made_of_these>, none, none>;

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
