// Over: the base of data sources that change another one, for example to augment it.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// The samples of the other data that a source has: all of them.
struct All {
    [[nodiscard]] static std::size_t size(const auto& data) noexcept { return as_size(data.size()); }
    [[nodiscard]] static std::size_t original(std::size_t i) noexcept { return i; }
    /// Calls f with the numbers that the samples `indices` have in the other data.
    static void with_originals(const auto& indices, auto f) { f(indices); }
};

template <class Data>
concept HasLabels = requires(const Data& data) {
    data.label(std::size_t{0});
};
template <class Data>
concept HasImages = requires(const Data& data) {
    data.image(std::size_t{0});
};
template <class Data>
concept HasInputTensors = requires(const Data& data) {
    data.input(std::size_t{0});
};
template <class Data>
concept HasTargetTensors = requires(const Data& data) {
    data.target(std::size_t{0});
};
template <class Data>
concept HasSource = requires(const Data& data) {
    data.source();
};
template <class Data, class In, class Out>
concept ValidatesAll = requires(const Data& data) {
    data.template validate<In, Out>();
};
template <class Data, class In, class Out>
concept ValidatesSome = requires(const Data& data, std::span<const std::uint32_t> indices) {
    data.template validate<In, Out>(indices);
};
template <class Data>
concept HasShapes = requires(const Data& data, const dims& shape) {
    data.require_shapes(shape, shape);
};
/// A source over such data has no `validate` of some samples, so that it is refused as the data are.
template <class Data>
concept ValidatesAnyModel = requires {
    &Data::validate;
};

/// Of data whose problem was reported, which the sources over them do not report again.
template <class Data>
concept Faulty = requires {
    typename Data::broken;
};
template <class Data>
struct InheritsFault {};
template <Faulty Data>
struct InheritsFault<Data> {
    using broken = void;
};

/// A data source with all members of another one. Derive from it and define only the members that differ. For
/// augmentation that is
///
///     void training_inputs(const auto& indices, auto x, int epoch) const
///
/// which `fit` calls instead of `inputs`, with the number of the epoch, from 1. `evaluate` calls `inputs`:
/// validation sees the data as they are.
///
/// It points to the other source, which must outlive it; a temporary does not compile.
template <class Data, class Choice>
class Over : public InheritsFault<Data> {
  public:
    explicit Over(const Data& data, Choice choice = {})
        : data_{&data}, choice_{static_cast<Choice&&>(choice)} {}
    explicit Over(const Data&&, Choice = {}) noexcept {
        if constexpr (!Faulty<Data>)
            static_assert(sizeof(typename problem::data_set<Data>::is_a_temporary) > 0);
    }

    [[nodiscard]] const Data& original() const noexcept { return *data_; }
    [[nodiscard]] const Choice& choice() const noexcept { return choice_; }

    /// The index of sample i in the innermost source, which error messages name.
    [[nodiscard]] std::size_t original_index(std::size_t i) const {
        const std::size_t in_data = choice_.original(i);
        if constexpr (requires { data_->original_index(in_data); })
            return data_->original_index(in_data);
        else
            return in_data;
    }

    [[nodiscard]] std::size_t size() const { return choice_.size(*data_); }
    void inputs(const auto& indices, auto x) const {
        choice_.with_originals(indices, [&](const auto& i) { data_->inputs(i, x); });
    }
    void targets(const auto& indices, auto t) const {
        choice_.with_originals(indices, [&](const auto& i) { data_->targets(i, t); });
    }
    void training_inputs(const auto& indices, auto x, int epoch) const {
        choice_.with_originals(indices, [&](const auto& i) {
            if constexpr (requires { data_->training_inputs(i, x, epoch); })
                data_->training_inputs(i, x, epoch);
            else
                data_->inputs(i, x);
        });
    }
    void training_targets(const auto& indices, auto t, int epoch) const {
        choice_.with_originals(indices, [&](const auto& i) {
            if constexpr (requires { data_->training_targets(i, t, epoch); })
                data_->training_targets(i, t, epoch);
            else
                data_->targets(i, t);
        });
    }

    // Members that not every source has.
    [[nodiscard]] auto label(std::size_t i) const requires HasLabels<Data> {
        return data_->label(choice_.original(i));
    }
    [[nodiscard]] decltype(auto) image(std::size_t i) const requires HasImages<Data> {
        return data_->image(choice_.original(i));
    }
    [[nodiscard]] decltype(auto) input(std::size_t i) const requires HasInputTensors<Data> {
        return data_->input(choice_.original(i));
    }
    [[nodiscard]] decltype(auto) target(std::size_t i) const requires HasTargetTensors<Data> {
        return data_->target(choice_.original(i));
    }
    [[nodiscard]] decltype(auto) source() const requires HasSource<Data> { return data_->source(); }
    template <class In, class Out>
        requires(ValidatesAll<Data, In, Out> || ValidatesAnyModel<Data>)
    void validate() const {
        for (std::size_t i = 0, count = size(); i < count; ++i)
            validate_one<In, Out>(i);
    }
    template <class In, class Out>
        requires ValidatesSome<Data, In, Out>
    void validate(std::span<const std::uint32_t> indices) const {
        for (const std::uint32_t i : indices)
            validate_one<In, Out>(i);
    }

    void require_shapes(const dims& input, const dims& output) const requires HasShapes<Data> {
        data_->require_shapes(input, output);
    }

  private:
    // Indices is a template argument, so that programs that never call this need not compile the span.
    template <class In, class Out, class Indices = std::span<const std::uint32_t>>
    void validate_one(std::size_t i) const {
        const std::uint32_t one[] = {static_cast<std::uint32_t>(choice_.original(i))};
        data_->template validate<In, Out>(Indices{one});
    }

    const Data* data_ = nullptr;
    [[no_unique_address]] Choice choice_;
};

/// Data as `fit` sees them in an epoch, counted from 1: for training loops of your own.
///
///     trainer.step(ln::data::InEpoch{augmented, epoch}, indices);
template <class Data>
class InEpoch : public Over<Data> {
  public:
    InEpoch(const Data& data, int epoch) : Over<Data>{data}, epoch_{epoch} {}

    void inputs(const auto& indices, auto x) const { this->training_inputs(indices, x, epoch_); }
    void targets(const auto& indices, auto t) const { this->training_targets(indices, t, epoch_); }

  private:
    int epoch_;
};

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
