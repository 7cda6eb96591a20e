#include "passes.hpp"

#include "allocations.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>

namespace laws {

namespace {

[[nodiscard]] std::string description(std::span<const ln::LayerInfo> layers, ln::dims input) {
    std::string text;
    for (const ln::LayerInfo& layer : layers)
        text.append(text.empty() ? "" : ", ").append(layer.name).append(std::string_view{layer.sources});
    return text.append(" on ").append(ln::to_string(input));
}

template <class T>
void copy(const Numbers& from, T* to, std::size_t extent) {
    REQUIRE(from.size() == extent);
    std::transform(from.begin(), from.end(), to, [](double n) { return static_cast<T>(n); });
}

} // namespace

template <class T>
PassIn<T>::PassIn(int lanes_, int extent) : Pass{lanes_}, extent_{static_cast<std::size_t>(extent)} {
    for (auto* array : {&parameters_, &gradients_}) {
        array->reset(static_cast<T*>(std::aligned_alloc(64, extent_ * sizeof(T))));
        std::fill_n(array->get(), extent_, T(0));
    }
}
template <class T>
void PassIn<T>::Free::operator()(T* array) const noexcept {
    std::free(array);
}
template <class T>
void PassIn<T>::set_parameters(const Numbers& parameters) {
    copy(parameters, parameters_.get(), extent_);
}
template <class T>
void PassIn<T>::set_gradients(const Numbers& gradients) {
    copy(gradients, gradients_.get(), extent_);
}
template <class T>
Numbers PassIn<T>::gradients() const {
    return {gradients_.get(), gradients_.get() + extent_};
}
template class PassIn<float>;
template class PassIn<double>;

template <class T>
Network network_of(std::span<const ln::LayerInfo> layers, ln::dims input, int out,
                   std::span<const ln::ModelTensor> tensors, const T* parameters, int extent) {
    Network n{description(layers, input),
              static_cast<std::size_t>(input.size()),
              static_cast<std::size_t>(out),
              {},
              {parameters, parameters + extent}};
    for (const ln::ModelTensor& t : tensors)
        if (t.lifetime == ln::Lifetime::trained)
            n.views.push_back({static_cast<int>(t.offset), static_cast<int>(t.size)});
    return n;
}
template Network network_of(std::span<const ln::LayerInfo>, ln::dims, int, std::span<const ln::ModelTensor>,
                            const float*, int);
template Network network_of(std::span<const ln::LayerInfo>, ln::dims, int, std::span<const ln::ModelTensor>,
                            const double*, int);

Alone element_alone(const ln::topology::Element& element, const int* inputs) {
    Alone own{{{}, element.input.size(), element.output.size(), {}, {}}, nullptr, {}, element.facts};
    if (element.facts.is_concat && image_count(element.output) > 0)
        own.images = static_cast<std::size_t>(image_count(element.output));
    for (int k = 0; k < element.inputs; ++k)
        own.reads.push_back(static_cast<std::size_t>(inputs[element.first_input + k]));
    return own;
}

Trial::Trial(const Network& network_, int samples_)
    : network{network_}, samples{static_cast<std::size_t>(samples_)}, r{numbers(samples * network.out, 7)} {
    for (std::size_t s = 0; s < samples; ++s) {
        const Numbers own = separated(network.in, 100 + s);
        x.insert(x.end(), own.begin(), own.end());
    }
    // Weights as they start, but no two alike and no bias zero, or mistakes could hide. Numbers that float
    // holds exactly, so that it and double compute from the same.
    std::uint64_t seed = 11;
    for (const auto [offset, size] : network.views) {
        double* p = network.parameters.data() + offset;
        for (const double noise : numbers(static_cast<std::size_t>(size), ++seed)) {
            *p = double{static_cast<float>(*p == 0 ? noise / 2 : *p * (1 + noise / 2))};
            ++p;
        }
    }
}

Results run(const Trial& trial, MakePass make, int garbage) {
    const Network& network = trial.network;
    const auto pass = make(garbage);
    const auto lanes = static_cast<std::size_t>(pass->lanes);
    REQUIRE(trial.samples % lanes == 0);
    pass->set_parameters(network.parameters);
    Numbers old(network.parameters.size()); // zero where it is padding
    for (const auto [offset, size] : network.views)
        std::fill_n(old.begin() + offset, size, std::numeric_limits<double>::quiet_NaN());
    pass->set_gradients(old);

    Results results{Numbers(trial.r.size()), Numbers(trial.x.size()), {}, network.views};
    const std::size_t before = allocations();
    for (std::size_t s = 0; s < trial.samples; s += lanes) {
        pass->forward(trial.x.data() + s * network.in, results.y.data() + s * network.out);
        pass->backward(trial.r.data() + s * network.out, results.dx.data() + s * network.in, s == 0);
    }
    const std::size_t after = allocations();
    INFO("forward and backward allocate nothing");
    CHECK(after == before);
    results.dp = pass->gradients();
    check_padding_is_zero(results.dp, results.views);
    return results;
}

Numbers run_forward(const Trial& trial, MakePass make) {
    const auto pass = make(0xFF);
    pass->set_parameters(trial.network.parameters);
    Numbers y(trial.r.size());
    const std::size_t before = allocations();
    for (std::size_t s = 0; s < trial.samples; s += static_cast<std::size_t>(pass->lanes))
        pass->forward(trial.x.data() + s * trial.network.in, y.data() + s * trial.network.out);
    const std::size_t after = allocations();
    INFO("forward allocates nothing");
    CHECK(after == before);
    return y;
}

namespace {

// Joins of branches, said as plainly as possible.

[[nodiscard]] bool puts_in_a_row(const Alone& join) {
    return join.facts.is_concat || join.facts.is_outputs;
}
// Where element i of an input lies in y, which has `first` elements of others before each image's.
[[nodiscard]] std::size_t in_row(const Alone& layer, std::size_t first, std::size_t i, std::size_t size) {
    const std::size_t image = i / (size / layer.images), others = (layer.network.out - size) / layer.images;
    return first + i + (puts_in_a_row(layer) ? image * others : 0);
}
void join(const Alone& layer, const std::vector<Numbers>& values, Numbers& y) {
    std::size_t first = 0;
    for (std::size_t k = 0; k < layer.reads.size(); ++k) {
        const Numbers& x = values[layer.reads[k]];
        for (std::size_t i = 0; i < x.size(); ++i) {
            double& e = y[in_row(layer, first, i, x.size())];
            e = k == 0 || puts_in_a_row(layer) ? x[i] : layer.facts.is_sum ? e + x[i] : e * x[i];
        }
        first += puts_in_a_row(layer) ? x.size() / layer.images : 0;
    }
}
void join_backward(const Alone& layer, const std::vector<Numbers>& values, const Numbers& dy,
                   std::vector<Numbers>& gradients) {
    std::size_t first = 0;
    for (std::size_t k = 0; k < layer.reads.size(); ++k) {
        Numbers& dx = gradients[layer.reads[k]];
        for (std::size_t i = 0; i < dx.size(); ++i) {
            double g = dy[in_row(layer, first, i, dx.size())];
            for (std::size_t other = 0; other < layer.reads.size(); ++other)
                if (other != k && !layer.facts.is_sum && !puts_in_a_row(layer))
                    g *= values[layer.reads[other]][i];
            dx[i] += g;
        }
        first += puts_in_a_row(layer) ? dx.size() / layer.images : 0;
    }
}

} // namespace

Results run(const Trial& trial, const std::vector<Alone>& layers) {
    std::vector<std::unique_ptr<Pass>> passes(layers.size());
    const double* parameters = trial.network.parameters.data();
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const double* end = parameters + layers[l].network.parameters.size();
        if (layers[l].pass != nullptr) {
            passes[l] = layers[l].pass(0xFF);
            passes[l]->set_parameters({parameters, end});
        }
        parameters = end;
    }
    Results results;
    for (std::size_t s = 0; s < trial.samples; ++s) {
        const double *x = trial.x.data() + s * trial.network.in, *r = trial.r.data() + s * trial.network.out;
        std::vector<Numbers> values{{x, x + trial.network.in}};
        for (std::size_t l = 0; l < layers.size(); ++l) {
            Numbers y(layers[l].network.out);
            if (passes[l] == nullptr)
                join(layers[l], values, y);
            else
                passes[l]->forward(values[layers[l].reads[0]].data(), y.data());
            values.push_back(y);
        }
        results.y.insert(results.y.end(), values.back().begin(), values.back().end());
        std::vector<Numbers> gradients;
        for (const Numbers& value : values)
            gradients.emplace_back(value.size());
        gradients.back().assign(r, r + trial.network.out);
        for (std::size_t l = layers.size(); l-- > 0;) {
            if (passes[l] == nullptr) {
                join_backward(layers[l], values, gradients[l + 1], gradients);
                continue;
            }
            Numbers& dx = gradients[layers[l].reads[0]];
            Numbers more(dx.size());
            passes[l]->backward(gradients[l + 1].data(), more.data(), false);
            std::transform(dx.begin(), dx.end(), more.begin(), dx.begin(), std::plus<>{});
        }
        results.dx.insert(results.dx.end(), gradients[0].begin(), gradients[0].end());
    }
    for (const auto& pass : passes) {
        const Numbers own = pass != nullptr ? pass->gradients() : Numbers{};
        results.dp.insert(results.dp.end(), own.begin(), own.end());
    }
    return results;
}

Results central_differences(Trial trial, MakePass make, double step) {
    const auto pass = make(0xFF);
    Numbers& parameters = trial.network.parameters;
    Numbers above(trial.r.size()), below(trial.r.size());
    const auto forward = [&](Numbers& y) {
        pass->set_parameters(parameters);
        pass->forward(trial.x.data(), y.data());
    };
    const auto derivative = [&](double& number) {
        const double here = number;
        number = here + step;
        forward(above);
        number = here - step;
        forward(below);
        number = here;
        double sum = 0; // most outputs do not depend on this number, and cancel without a trace
        for (std::size_t i = 0; i < above.size(); ++i)
            sum += trial.r[i] * (above[i] - below[i]);
        return sum / (2 * step);
    };
    Results results{Numbers(trial.r.size()), {}, Numbers(parameters.size()), trial.network.views};
    forward(results.y);
    for (double& x : trial.x)
        results.dx.push_back(derivative(x));
    for (const auto [offset, size] : trial.network.views)
        for (auto i = static_cast<std::size_t>(offset); i < static_cast<std::size_t>(offset + size); ++i)
            results.dp[i] = derivative(parameters[i]);
    return results;
}

} // namespace laws
