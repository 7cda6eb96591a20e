// TrainingData: the concept of data that a model can be trained on.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/heads.hpp>
#include <lamina/train/labelled.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

// One concept for each member, so that an error can name the missing one.
template <class Data>
concept HasSize = requires(const Data& data) {
    { data.size() } -> std::convertible_to<std::size_t>;
};
template <class Model>
using LanesOf = const std::uint32_t (&)[static_cast<std::size_t>(native_lanes<typename Model::scalar>)];
/// The shapes of inputs and targets, and the views that data write them to.
template <class Model>
struct ShapesOf {
    using In = typename Model::input_shape;
    using Out = typename Model::output_shape;
    using Inputs = View<pack<typename Model::scalar>, In, Model::plan::input_halo>;
    using Targets = View<pack<typename Model::scalar>, Out>;
};
template <RunTimeModel Model>
struct ShapesOf<Model> {
    using In = AnyShape;
    using Out = AnyShape;
    using Inputs = View<pack<typename Model::scalar>, AnyShape>;
    using Targets = Inputs;
};
template <class Model>
using InputsOf = typename ShapesOf<Model>::Inputs;
template <class Model>
using TargetsOf = typename ShapesOf<Model>::Targets;
template <class Data, class Model>
concept HasInputs = requires(const Data& data, LanesOf<Model> indices, InputsOf<Model> x) {
    data.inputs(indices, x);
};
template <class Data, class Model>
concept HasTargets = requires(const Data& data, LanesOf<Model> indices, TargetsOf<Model> t) {
    data.targets(indices, t);
};
template <class Data, class Model>
concept HasTrainingInputs = requires(const Data& data, LanesOf<Model> indices, InputsOf<Model> x) {
    data.training_inputs(indices, x, 1);
};
template <class Data, class Model>
concept HasTrainingTargets = requires(const Data& data, LanesOf<Model> indices, TargetsOf<Model> t) {
    data.training_targets(indices, t, 1);
};
/// Names that people write for these; nothing would call them.
template <class Data, class Model>
concept MisnamesTrainingInputs = requires(const Data& data, LanesOf<Model> indices, InputsOf<Model> x) {
    data.train_inputs(indices, x, 1);
}
|| requires(const Data& data, LanesOf<Model> indices, InputsOf<Model> x) {
    data.training_input(indices, x, 1);
};
template <class Data, class Model>
concept MisnamesTrainingTargets = requires(const Data& data, LanesOf<Model> indices, TargetsOf<Model> t) {
    data.train_targets(indices, t, 1);
}
|| requires(const Data& data, LanesOf<Model> indices, TargetsOf<Model> t) {
    data.training_target(indices, t, 1);
};
template <class Data>
concept HasLabel = requires(const Data& data) {
    { data.label(std::size_t{0}) } -> std::convertible_to<double>;
}
|| LabelsSteps<Data>;
template <class Data, class Model>
concept HasValidate = requires(const Data& data, std::span<const std::uint32_t> indices) {
    data.template validate<typename ShapesOf<Model>::In, typename ShapesOf<Model>::Out>();
    data.template validate<typename ShapesOf<Model>::In, typename ShapesOf<Model>::Out>(indices);
};

/// Whether a class has a member of a name, whatever its signature: a second base makes the name ambiguous.
struct Names {
    int size, inputs, targets, training_inputs, training_targets;
};
struct Nameless {};
template <class Data>
struct WithNames : std::conditional_t<std::is_class_v<Data> && !std::is_final_v<Data>, Data, Nameless>,
                   Names {};
template <class Data>
concept NamesSize = !requires {
    &WithNames<Data>::size;
};
template <class Data>
concept NamesInputs = !requires {
    &WithNames<Data>::inputs;
};
template <class Data>
concept NamesTargets = !requires {
    &WithNames<Data>::targets;
};
template <class Data>
concept NamesTrainingInputs = !requires {
    &WithNames<Data>::training_inputs;
};
template <class Data>
concept NamesTrainingTargets = !requires {
    &WithNames<Data>::training_targets;
};
// Sources over others have these where the others do, so that their names alone say nothing.
template <class Data>
concept NamesLabel = requires {
    &Data::label;
};
template <class Data, class Model>
concept NamesValidate = requires {
    &Data::validate;
}
|| requires(const Data& data) {
    data.template validate<typename ShapesOf<Model>::In, typename ShapesOf<Model>::Out>();
}
|| requires {
    &Data::template validate<typename ShapesOf<Model>::In, typename ShapesOf<Model>::Out>;
};

template <class Data, class Model>
inline constexpr bool optional_members_fit = [] {
    if (NamesTrainingInputs<Data> && !HasTrainingInputs<Data, Model>)
        return false;
    if (NamesTrainingTargets<Data> && !HasTrainingTargets<Data, Model>)
        return false;
    if (MisnamesTrainingInputs<Data, Model> || MisnamesTrainingTargets<Data, Model>)
        return false;
    if (NamesLabel<Data> && !HasLabel<Data>)
        return false;
    return !NamesValidate<Data, Model> || HasValidate<Data, Model>;
}();

} // namespace detail

/// Data that a model can be trained on and evaluated with: a number of samples, any of which can be written
/// into the lanes of packs. All members are const.
///
///     std::size_t size()               the number of samples
///     void inputs(indices, x)          x[i] lane r = element i of the input of sample indices[r]
///     void targets(indices, t)         t[i] lane r = element i of its target
///
/// `indices` is an array of std::uint32_t, one for each lane of a pack, all below `size()`; a sample may
/// appear twice. x and t are Views of packs of the model's input and output shape. Take them as `auto`,
/// because x may have a halo, which must not be written. Several threads call these functions at the same
/// time.
///
/// Optional:
///
///     int label(std::size_t i)         the class of sample i, of any type of integers, or a std::array of
///                                      the classes of its steps: see `Labelled`
///     void training_inputs(indices, x, int epoch), training_targets(indices, t, int epoch)
///                                      called by `fit` instead, with the epoch from 1, for augmentation
///     void validate<In, Out>()         throws `data_error` if samples do not fit such a model. `fit` and
///                                      `evaluate` call it first, to check what types cannot tell
///     void validate<In, Out>(std::span<const std::uint32_t> indices)
///                                      the same of these samples alone, called by a single step
///     void require_shapes(const dims& input, const dims& output)
///                                      throws `data_error` if samples do not fit a `dynamic::Network` with
///                                      these shapes, which calls it in place of `validate`
///     source()                         where they come from, any string: errors begin with it
///
/// `data::Over<Other>` is a base for sources that change another one; it forwards all of these.
template <class Source, class Model>
concept TrainingData = !Broken<Source> && detail::HasSize<Source> && detail::HasInputs<Source, Model> &&
                       detail::HasTargets<Source, Model> && detail::optional_members_fit<Source, Model>;

/// Data that `fit` sees anew in each epoch.
template <class Data, class Model>
concept ChangesByEpoch = detail::HasTrainingInputs<Data, Model> || detail::HasTrainingTargets<Data, Model>;

/// Recordings, whose windows go on where others end.
template <class Data>
inline constexpr bool is_recordings = false;
template <class Model, int Windows>
inline constexpr bool is_recordings<data::Recordings<Model, Windows>> = true;

/// The first member that `Data` lack to train `Model`: a `fault`, or `none`.
template <class Model, class Data>
[[nodiscard]] consteval auto check_data_members() noexcept {
    using namespace detail;
    using problems = problem::data_set<Data>;
    using T = typename Model::scalar;
    using In = typename ShapesOf<Model>::In;
    using Out = typename ShapesOf<Model>::Out;
    if constexpr (!NamesSize<Data> && !NamesInputs<Data> && !NamesTargets<Data> && !HasSize<Data>)
        return fault<typename problems::is_not_one>{};
    else if constexpr (!HasSize<Data>)
        return fault<typename problems::has_no_size>{};
    else if constexpr (!HasInputs<Data, Model> && !NamesInputs<Data>)
        return fault<typename problems::template has_no_inputs_for<In, T>>{};
    else if constexpr (!HasInputs<Data, Model>)
        return fault<typename problems::template has_inputs_that_do_not_fit<In, T>>{};
    else if constexpr (!HasTargets<Data, Model> && !NamesTargets<Data>)
        return fault<typename problems::template has_no_targets_for<Out, T>>{};
    else if constexpr (!HasTargets<Data, Model>)
        return fault<typename problems::template has_targets_that_do_not_fit<Out, T>>{};
    else if constexpr (NamesTrainingInputs<Data> && !HasTrainingInputs<Data, Model>)
        return fault<typename problems::template has_training_inputs_that_do_not_fit<In, T>>{};
    else if constexpr (NamesTrainingTargets<Data> && !HasTrainingTargets<Data, Model>)
        return fault<typename problems::template has_training_targets_that_do_not_fit<Out, T>>{};
    else if constexpr (MisnamesTrainingInputs<Data, Model>)
        return fault<typename problems::template has_training_inputs_that_do_not_fit<In, T>>{};
    else if constexpr (MisnamesTrainingTargets<Data, Model>)
        return fault<typename problems::template has_training_targets_that_do_not_fit<Out, T>>{};
    else if constexpr (NamesLabel<Data> && !HasLabel<Data>)
        return fault<typename problems::has_another_label>{};
    else if constexpr (NamesValidate<Data, Model> && !HasValidate<Data, Model>)
        return fault<typename problems::has_another_validate>{};
    else
        return none{};
}

/// The number of outputs of a model. (Those of a `dynamic::Network` are counted at run time.)
template <class M>
inline constexpr int head_count = topology::Heads<typename M::inferred>::count;
template <RunTimeModel M>
inline constexpr int head_count<M> = 1;

/// The problem of training on `Data` with the loss `L`: a `fault`, or `none`.
template <class Model, class L, class Data>
[[nodiscard]] consteval auto check_data_type() noexcept {
    if constexpr (Broken<Data>)
        return fault<none>{};
    else if constexpr (!TrainingData<Data, Model>)
        return check_data_members<Model, Data>();
    else if constexpr (RunTimeModel<Model>)
        return none{}; // the rest is checked at run time
    else if constexpr (Labelled<Data> && head_count<Model> > 1)
        return fault<
            typename problem::data_set<Data>::template has_labels_for_several_outputs<head_count<Model>>>{};
    else if constexpr (!labels_fit<Data>(Model::output_shape::extents))
        return fault<typename problem::data_set<Data>::template has_not_one_label_for_each_answer_of<
            typename Model::output_shape>>{};
    else if constexpr (Labelled<Data> && answer_size(Model::output_shape::extents) == 1 &&
                       detail::classes_of<L>(1) != 2)
        return fault<typename problem::data_set<Data>::template has_labels_for_one_output_and<L>>{};
    else
        return none{};
}
template <class Model, class L, class Data>
inline constexpr bool data_fit = std::is_same_v<decltype(check_data_type<Model, L, Data>()), none>;
/// Does not compile unless `Data` can train `Model` with the loss `L`.
template <class Model, class L, class Data>
constexpr void require_data_of() noexcept {
    if constexpr (!data_fit<Model, L, Data>)
        static_assert(sizeof(typename decltype(check_data_type<Model, L, Data>())::type) > 0);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
