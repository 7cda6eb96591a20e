// AnyOf: holds one of several models, chosen by the file that is loaded. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/input_file.hpp>
#include <lamina/files/safetensors_reader.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/file_options.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/same_topology.hpp>
#include <lamina/model.hpp>
#include <lamina/problem/files.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The problem of the first model that cannot take the place of `First`, or `none`.
template <class First>
[[nodiscard]] consteval auto find_fault_of_any() noexcept {
    return fault<none>{};
}
template <class First, class Other, class... Others>
[[nodiscard]] consteval auto find_fault_of_any() noexcept {
    constexpr bool broken = Broken<First> || Broken<Other>;
    if constexpr (broken || (std::is_same_v<typename First::Input, typename Other::Input> &&
                             std::is_same_v<typename First::Output, typename Other::Output>))
        return find_fault_of_any<First, Others...>();
    else
        return fault<typename problem::any_of<First>::template cannot_also_hold<Other>>{};
}

/// Holds one of several models that have the same input shape, output shape and number type. The file that is
/// loaded decides which one. A call costs one dispatch to the model:
///
///     ln::AnyOf<Small, Large> digits;                  // the first, all parameters zero
///     ln::load(digits, "digits.safetensors");          // the one whose fingerprint the file has
///     auto scores = digits.forward(image);
///     digits.visit([](const auto& model) { ... });     // for all else a model can do
///
/// It is as large as the largest of them. `forward` does not allocate, and threads may share the object as
/// they may share a model.
template <class First, class... Others>
class AnyOf : problem::report<typename decltype(find_fault_of_any<First, Others...>())::type> {
    static constexpr bool broken_ones = (Broken<First> || ... || Broken<Others>);

  public:
    using Input = typename First::Input;
    using Output = typename First::Output;
    static constexpr std::size_t count = 1 + sizeof...(Others);

    /// Index of the model that it holds, from 0.
    [[nodiscard]] std::size_t index() const noexcept { return model_.index(); }
    [[nodiscard]] std::uint64_t fingerprint() const noexcept {
        return visit([](const auto& model) { return std::remove_cvref_t<decltype(model)>::fingerprint; });
    }

    [[nodiscard]] Output forward(const Input& x) const noexcept {
        if constexpr (broken_ones)
            return {};
        else
            return visit([&](const auto& model) { return model.forward(x); });
    }
    /// The output for the numbers of a span, a vector or an array, as `forward` of a model.
    template <NumbersOf<typename First::scalar> X>
    [[nodiscard]] Output forward(const X& x) const noexcept(has_known_count<X>) {
        if constexpr (broken_ones)
            return {};
        else
            return visit([&](const auto& model) { return model.forward(x); });
    }
    /// The outputs for many samples, as `forward` of a model.
    void forward(std::span<const Input> x, std::span<Output> y) const {
        if constexpr (!broken_ones)
            visit([&](const auto& model) { model.forward(x, y); });
    }

    /// Returns f(model), called with the model in its own type.
    template <class F>
    decltype(auto) visit(F&& f) const {
        return std::visit(std::forward<F>(f), model_);
    }
    template <class F>
    decltype(auto) visit(F&& f) {
        return std::visit(std::forward<F>(f), model_);
    }

    /// Makes it hold a copy of this model.
    template <class Model>
        requires(std::is_same_v<Model, First> || (std::is_same_v<Model, Others> || ...))
    AnyOf& operator=(const Model& model) {
        model_.template emplace<Model>(model);
        return *this;
    }

  private:
    std::variant<First, Others...> model_;
};

namespace io {

/// "\n  999175d53d515e3b 1x28x28 Conv<16,3,1> ...", and what does not fit if there is a fault.
template <class M>
[[nodiscard]] std::string member_text(const std::string& fault) {
    return "\n  " + fingerprint_text(M::fingerprint) + ' ' + topology_text<M>() +
           (fault.empty() ? "" : ": " + fault);
}

/// The reason why a file does not fit this model, in one line; empty if it fits. If `exact`, both networks
/// must have the same last layer.
template <class M>
[[nodiscard]] std::string member_fault(const files::Safetensors& file, const LoadOptions& options,
                                       bool exact) {
    const std::string topology = topology_text<M>();
    const int layers = layers_to_compare(model_tensors<M>, options.keep);
    if (std::string fault = exact ? exact_topology_fault(topology, file, layers)
                                  : match_topology(topology, file, layers).fault;
        !fault.empty())
        return fault;
    std::string faults = match_weights(model_tensors<M>, file, options).faults;
    for (std::size_t line; (line = faults.find("\n  ")) != faults.npos;)
        faults.replace(line, 3, line == 0 ? "" : "; ");
    return faults;
}

} // namespace io

/// Loads the file into the model whose fingerprint it has; if there is none, into the model that differs from
/// the file's network only in a Softmax or Sigmoid at the end. A file without a fingerprint, for example from
/// PyTorch, must have the tensors of exactly one of the models. All else, `.rename`, `.ignore` and `.keep`
/// too, is as in `load` of a model. What is kept is zero in a model that it did not hold before.
///
/// Throws `format_error`, which lists the models and why each does not fit, or says what is wrong with the
/// file; `any` then stays as it was.
template <class... Models>
void load(AnyOf<Models...>& any, std::span<const std::byte> bytes,
          std::string_view source = "safetensors bytes", const LoadOptions& options = {}) {
    if constexpr (!(Broken<Models> || ...)) {
        const std::string name = files::printable_path(source);
        const files::SafetensorsReader reader{bytes, name};
        files::Safetensors file = reader.read();
        (void)io::take(file.tensors, io::test_input_name);
        (void)io::take(file.tensors, io::test_output_name);
        std::string faults[sizeof...(Models)];
        const auto count_those_that_fit = [&](bool exact) {
            std::size_t member = 0, fits = 0;
            ((faults[member++] = io::member_fault<Models>(file, options, exact)), ...);
            for (const std::string& fault : faults)
                fits += fault.empty() ? 1U : 0U;
            return fits;
        };
        std::size_t fits = count_those_that_fit(true);
        if (fits == 0)
            fits = count_those_that_fit(false);
        std::size_t next = 0;
        if (fits != 1) {
            std::string members;
            ((members += io::member_text<Models>(faults[next++])), ...);
            raise(format_error{name + ": expected a file of one of these models, found one that fits " +
                               (fits == 0 ? "none" : std::to_string(fits)) + " of them:" + members});
        }
        const auto load_if_it_fits = [&]<class M>(std::type_identity<M>) {
            if (!faults[next++].empty())
                return;
            std::vector<M> model(1); // on the heap
            any.visit([&](const auto& now) { // what is kept
                if constexpr (std::is_same_v<decltype(now), const M&>)
                    model[0] = now;
            });
            io::decode(model[0], reader, options);
            any = model[0];
        };
        (load_if_it_fits(std::type_identity<Models>{}), ...);
    }
}
template <class... Models>
void load(AnyOf<Models...>& any, std::span<const std::byte> bytes, const LoadOptions& options) {
    load(any, bytes, "safetensors bytes", options);
}

/// The same from a file.
template <class... Models>
void load(AnyOf<Models...>& any, const std::string& path, const LoadOptions& options = {}) {
    const std::vector<std::uint8_t> bytes = files::read_whole(path);
    load(any, files::bytes_of(bytes), path, options);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
