// Recordings: long sequences of inputs and targets, in the caller's memory, that a model is trained on window
// by window.
#pragma once

#include <lamina/data/samples.hpp>
#include <lamina/error.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/model/stream.hpp>
#include <lamina/problem/sequences.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor_lists.hpp>
#include <lamina/topology/nesting.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// The numbers of a step: a number, where there is one.
template <class T, class Step>
using StepType = std::conditional_t<Step::size == 1, T, Tensor<T, Step>>;

/// Inputs and targets of so many steps, one element of each for a step.
template <class Input, class Target>
struct Recording {
    std::span<const Input> inputs;
    std::span<const Target> targets;

    template <IsListOf<Input> X, IsListOf<Target> Y>
    constexpr Recording(X&& inputs_, Y&& targets_) noexcept : inputs{inputs_}, targets{targets_} {
        if constexpr (IsTemporary<X> || IsTemporary<Y>)
            static_assert(sizeof(typename problem::recordings<X, Y>::would_outlive_a_temporary) > 0);
    }
    template <class X, class Y>
        requires(!IsListOf<X, Input> || !IsListOf<Y, Target>)
    constexpr Recording(X&&, Y&&) noexcept {
        static_assert(sizeof(typename problem::recordings<std::remove_cvref_t<X>, std::remove_cvref_t<Y>>::
                                 template are_not_steps_of<Input, Target>) > 0);
    }
};

/// The base of Recordings that have no problem.
template <class Model, int Windows>
class SoundRecordings {
    using T = typename Model::scalar;
    using Lanes = std::uint32_t[static_cast<std::size_t>(native_lanes<T>)];
    static constexpr std::size_t most_samples = UINT32_MAX;

  public:
    /// Steps of a window: those of the model's Sequence.
    static constexpr int steps = step_count<typename Model::input_shape>;
    using Input = StepType<T, step_of<typename Model::input_shape>>;
    using Target = StepType<T, step_of<typename Model::output_shape>>;
    using Recording = data::Recording<Input, Target>;

    /// One recording.
    template <class X, class Y>
    SoundRecordings(X&& inputs, Y&& targets)
        : SoundRecordings{std::initializer_list<Recording>{
              Recording{static_cast<X&&>(inputs), static_cast<Y&&>(targets)}}} {}
    SoundRecordings(std::initializer_list<Recording> all)
        : SoundRecordings{std::span<const Recording>{all.begin(), all.size()}} {}
    explicit SoundRecordings(std::span<const Recording> all) : recordings_(all.begin(), all.end()) {
        for (const Recording& r : all) {
            const std::size_t number = first_.size();
            if (r.inputs.size() != r.targets.size())
                raise<data_error>("recordings: expected a target for each step of recording ", number,
                                  ", found ", r.inputs.size(), " steps and ", r.targets.size(), " targets");
            const std::size_t windows = r.inputs.size() / std::size_t{steps};
            if (windows < std::size_t{Windows}) {
                if constexpr (Windows == 1)
                    raise<data_error>("recordings: expected at least one window of ", steps,
                                      " steps in recording ", number, ", found ", r.inputs.size(), " steps");
                else
                    raise<data_error>("recordings: expected at least ", Windows, " windows of ", steps,
                                      " steps in recording ", number, ", found ", r.inputs.size(), " steps");
            }
            first_.push_back(window_count_);
            for (std::size_t w = std::size_t{Windows}; Windows > 1 && w <= windows; w += std::size_t{Windows})
                last_.push_back(static_cast<std::uint32_t>(window_count_ + w - 1));
            window_count_ += windows;
        }
        if (window_count_ > most_samples)
            raise<data_error>("recordings: expected at most ", most_samples, " windows, found ",
                              window_count_);
    }

    [[nodiscard]] std::span<const Recording> recordings() const noexcept { return recordings_; }
    /// Number of samples, each of so many windows, one behind the other. (What is behind the last one of a
    /// recording is left over.)
    [[nodiscard]] std::size_t size() const noexcept { return Windows == 1 ? window_count_ : last_.size(); }
    /// Number of windows of all recordings.
    [[nodiscard]] std::size_t window_count() const noexcept { return window_count_; }
    /// The last window of a sample.
    [[nodiscard]] std::uint32_t last_window(std::uint32_t sample) const noexcept {
        return Windows == 1 ? sample : last_[sample];
    }
    /// The recording that window i is in, and the first window of that.
    [[nodiscard]] std::size_t recording_of(std::size_t window) const noexcept {
        std::size_t low = 0, high = first_.size();
        while (high - low > 1) {
            const std::size_t middle = low + (high - low) / 2;
            (first_[middle] <= window ? low : high) = middle;
        }
        return low;
    }
    [[nodiscard]] std::size_t first_of_recording(std::size_t i) const noexcept {
        return first_[recording_of(i)];
    }

    template <pad Halo>
    void inputs(const Lanes& windows, View<pack<T>, typename Model::input_shape, Halo> x) const noexcept {
        lanes(windows, x, [](const Recording& r) { return r.inputs.data(); });
    }
    void targets(const Lanes& windows, View<pack<T>, typename Model::output_shape> t) const noexcept {
        lanes(windows, t, [](const Recording& r) { return r.targets.data(); });
    }

  private:
    void lanes(const Lanes& windows, auto x, auto side) const noexcept {
        const std::remove_pointer_t<decltype(side(recordings_[0]))>* rows[std::size_t{native_lanes<T>}];
        for (int r = 0; r < native_lanes<T>; ++r) {
            const std::size_t w = windows[r], of = recording_of(w);
            rows[r] = side(recordings_[of]) + (w - first_[of]) * std::size_t{steps};
        }
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(*rows[0])>, T>)
            kernels::load_lanes(rows, x, [](auto v) { return pack<T>{v}; });
        else
            for (int t = 0; t < steps; ++t)
                for (int i = 0; i < rows[0][t].size; ++i)
                    for (int r = 0; r < native_lanes<T>; ++r)
                        at_step(x, t, i).set(r, rows[r][t][i]);
    }

    std::vector<Recording> recordings_;
    std::vector<std::size_t> first_;  ///< windows of recordings
    std::vector<std::uint32_t> last_; ///< windows of samples of several
    std::size_t window_count_ = 0;
};

/// Takes the place of Recordings that have a problem.
struct BrokenRecordings {
    using broken = void;
    BrokenRecordings(auto&&...) noexcept {}
    [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
};

/// The first element whose layer sees earlier steps and carries nothing of them, or -1.
template <class Inferred>
inline constexpr int first_that_carries_nothing = [] {
    int found = -1;
    const auto look = [&](auto i) {
        constexpr auto& facts = Inferred::table.elements[i].facts;
        if constexpr (facts.steps_before != 0) {
            using P = typename Inferred::template at<i>;
            const int around = facts.input_halo[0].left; // steps before lie there
            if (found < 0 && !detail::ListsCarried<typename P::layer, typename P::input> &&
                (facts.steps_before < 0 || around < facts.steps_before))
                found = i;
        }
    };
    with_indices<Inferred::count>([&](auto... i) { (look(i), ...); });
    return found;
}();

/// The first element whose layer sees earlier steps and has no gradients for them that go on, or -1.
template <class Inferred>
inline constexpr int first_without_gradients = [] {
    int found = -1;
    const auto look = [&](auto i) {
        if constexpr (Inferred::table.elements[i].facts.steps_before != 0)
            if (found < 0 && !requires { Inferred::template at<i>::layer::carries_gradients; })
                found = i;
    };
    with_indices<Inferred::count>([&](auto... i) { (look(i), ...); });
    return found;
}();

/// The problem of recordings for a model, or `none`.
template <class Model, int Windows>
[[nodiscard]] consteval auto find_recordings_problem() noexcept {
    if constexpr (Broken<Model>)
        return fault<none>{};
    else if constexpr (!SequenceShape<typename Model::input_shape>)
        return fault<typename problem::recordings_for<Model>::need_a_model_on_a_sequence>{};
    else if constexpr (!std::is_same_v<stream_problem<Model, 1>, none>)
        return fault<stream_problem<Model, 1>>{}; // a layer that looks ahead
    else if constexpr (constexpr int e = first_that_carries_nothing<typename Model::inferred>; e >= 0)
        return fault<typename topology::place_of_element<typename Model::inferred,
                                                         e>::carries_nothing_from_window_to_window>{};
    else if constexpr (Windows < 1)
        return fault<typename problem::recordings_for<Model>::template windows<Windows>::must_be_positive>{};
    else if constexpr (Windows == 1)
        return fault<none>{};
    else if constexpr (Model::plan::Training::flow.segments() > 1)
        return fault<typename problem::recordings_for<Model>::template windows<
            Windows>::have_statistics_of_the_batch_each>{};
    else if constexpr (constexpr int without = first_without_gradients<typename Model::inferred>;
                       without >= 0)
        return fault<typename topology::place_of_element<
            typename Model::inferred, without>::carries_no_gradient_to_the_window_before>{};
    else
        return fault<none>{};
}
template <class Model, int Windows>
using recordings_problem = typename decltype(find_recordings_problem<Model, Windows>())::type;

/// Long sequences that a model is trained on and evaluated with: pairs of inputs and targets, of any length,
/// with one element for each step. An element is a number, or a `Tensor<float, Shape<C>>` where a step has
/// several. They stay in vectors, arrays or spans of yours.
///
/// A sample is a window, of as many steps as the model's `Sequence` has; the windows of a recording lie one
/// behind the other. `fit` has options for them:
///
/// - `.burn_in`: each window is preceded by at least so many steps, in whole windows, that are run without
///   gradient, as far as the recording has them. So the window begins with the state that its past gives.
/// - `.carry_state`: instead of windows in random order, `batch` stretches of the recordings run side by
/// side,
///   window after window, and each window begins with the state that the one before has left. Gradients go
///   back to its beginning (truncated back-propagation through time). A stretch begins with `burn_in`, and
///   with state zero where a recording begins.
///
/// Arguments: `Windows`, how many windows one behind the other are a sample, 1 by default. Gradients go back
/// through all of them, exactly as through one window as long, whose values memory need not hold: forward
/// keeps what is carried between windows, and each is computed again before its backward. The loss is the
/// mean over windows. `.batch` counts samples.
///
/// `evaluate` runs each recording from its beginning to its last window, as a `Stream` does.
///
/// Errors: a model that is not on a sequence, a layer that sees later steps, temporary lists, and elements of
/// another type do not compile. Throws `data_error` unless a recording has as many targets as inputs, and at
/// least one window.
///
/// Source: Williams & Peng, "An efficient gradient-based algorithm for on-line training of recurrent network
/// trajectories", Neural Computation 2(4), 1990.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;
///     const std::vector<float> dry(48000), wet(48000);
///     const ln::data::Recordings<Model> recordings{dry, wet};
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
///     ln::fit(trainer, recordings, {.burn_in = 256});
template <class Model, int Windows>
class Recordings
    : problem::report<recordings_problem<Model, Windows>>,
      public topology::choose<std::is_same_v<recordings_problem<Model, Windows>, none> && !Broken<Model>>::
          template of<SoundRecordings<Model, Windows>, BrokenRecordings> {
    using Base = typename topology::choose<std::is_same_v<recordings_problem<Model, Windows>, none> &&
                                           !Broken<Model>>::template of<SoundRecordings<Model, Windows>,
                                                                        BrokenRecordings>;

  public:
    using Base::Base;
};

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
